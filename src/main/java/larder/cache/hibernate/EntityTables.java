package larder.cache.hibernate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.MappedTable;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.AbstractEntityPersister;
import org.hibernate.persister.entity.UnionSubclassEntityPersister;
import org.hibernate.persister.entity.mutation.EntityTableMapping;

/**
 * The tables that the entities and collections of one session factory are mapped to, and by what id
 * their rows go.
 *
 * <p>Two entities may be mapped to one table, each with an id of its own. Who writes a row through
 * one of them then does not know by which id the other has read it: such rows have no tags, and all
 * depends on the table.
 */
final class EntityTables {

  private final Map<String, MappedTable> tables = new LinkedHashMap<>();
  private final Map<String, Set<RowId>> ids = new HashMap<>();

  /** By what the rows of a table go in tags. */
  private record RowId(String rootTable, List<String> columns) {}

  /** Takes note of the tables that an entity is written to. */
  void add(AbstractEntityPersister persister, EntityModel entity) {
    for (EntityTableMapping mapping : persister.getTableMappings()) {
      List<String> columns = new ArrayList<>();
      mapping.getKeyMapping().getKeyColumns().forEach(key -> columns.add(key.getColumnName()));
      boolean rows = entity.rowTags() && columns.size() == 1;
      boolean subselect = mapping.getTableName().startsWith("(");
      if (!subselect && !(persister instanceof UnionSubclassEntityPersister && entity.rowTags())) {
        add(
            new MappedTable(
                mapping.getTableName(),
                rows ? entity.rootTable() : mapping.getTableName(),
                columns,
                rows));
      }
    }
  }

  private void add(MappedTable table) {
    tables.merge(table.name(), table, (one, other) -> one.rowTags() ? one : other);
    if (table.rowTags()) {
      ids.computeIfAbsent(DataTags.bare(table.name()), any -> new HashSet<>())
          .add(new RowId(DataTags.bare(table.rootTable()), table.idColumns()));
    }
  }

  /** Takes note of the table of a collection that has one for itself. */
  void add(CollectionPersister collection) {
    PluralAttributeMapping attribute = collection.getAttributeMapping();
    String table = attribute.getSeparateCollectionTable();
    if (table != null) {
      tables.putIfAbsent(table, ofTable(table));
    }
  }

  private static MappedTable ofTable(String name) {
    return new MappedTable(name, name, List.of(), /* rowTags= */ false);
  }

  /** Returns an entity, which depends on tables if its rows go by several ids. */
  EntityModel withSureRows(EntityModel entity) {
    boolean sure =
        entity.tables().stream().allMatch(this::goesByOneId)
            && entity.written().stream().allMatch(this::goesByOneId);
    return sure ? entity : entity.withoutRowTags();
  }

  private boolean goesByOneId(String table) {
    return ids.getOrDefault(DataTags.bare(table), Set.of()).size() <= 1;
  }

  /** Returns all tables, each once. */
  List<MappedTable> all() {
    return tables.values().stream()
        .map(table -> goesByOneId(table.name()) ? table : ofTable(table.name()))
        .toList();
  }
}
