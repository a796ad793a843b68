package larder.cache.hibernate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.hibernate.annotations.OnDeleteAction;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.Table;

/**
 * The tables whose rows the database itself changes when rows of another are deleted, as far as the
 * mapping says so.
 */
final class DatabaseCascades {

  private DatabaseCascades() {}

  /** Returns, for each table, all tables that a delete of its rows reaches in the end. */
  static Map<String, Set<String>> of(Metadata metadata, SessionFactoryImplementor factory) {
    SqlStringGenerationContext names = factory.getSqlStringGenerationContext();
    Map<String, Set<String>> direct = new HashMap<>();
    for (Table table : metadata.collectTableMappings()) {
      if (table.isSubselect()) {
        continue;
      }
      for (ForeignKey key : table.getForeignKeyCollection()) {
        OnDeleteAction action = key.getOnDeleteAction();
        Table target = key.getReferencedTable();
        if (action != null
            && action != OnDeleteAction.NO_ACTION
            && action != OnDeleteAction.RESTRICT
            && target != null) {
          direct
              .computeIfAbsent(target.getQualifiedName(names), unused -> new LinkedHashSet<>())
              .add(table.getQualifiedName(names));
        }
      }
    }
    Map<String, Set<String>> all = new HashMap<>();
    direct.keySet().forEach(table -> all.put(table, reached(table, direct)));
    return all;
  }

  private static Set<String> reached(String table, Map<String, Set<String>> direct) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> next = new ArrayDeque<>(direct.getOrDefault(table, Set.of()));
    while (!next.isEmpty()) {
      String one = next.pop();
      if (reached.add(one)) {
        next.addAll(direct.getOrDefault(one, Set.of()));
      }
    }
    return reached;
  }
}
