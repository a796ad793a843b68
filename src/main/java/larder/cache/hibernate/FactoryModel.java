package larder.cache.hibernate;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import larder.cache.sql.KeyLookups;
import larder.cache.sql.SqlEffect;
import larder.cache.sql.SqlEffects;
import larder.cache.sql.SqlText;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.MappedTable;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Relations;
import larder.cache.tracking.UniqueKey;

/** What one session factory's entities, collections and tables depend on. Immutable. */
final class FactoryModel {

  private final Map<String, EntityModel> entities;
  private final Map<String, Set<String>> subselects;
  private final Map<String, Fragments> fragments = new HashMap<>();
  private final List<MappedTable> tables;
  private final Set<String> mapped = new LinkedHashSet<>();
  private final Map<String, Set<String>> cascades = new HashMap<>();
  private final SqlEffects sql;
  private final KeyLookups lookups = new KeyLookups();
  private final Supplier<Relations> relations;

  /**
   * @param entities by the name of the entity
   * @param collections what raw SQL of collections reads, by the bare name of its table
   * @param subselects what was declared to stand behind entities mapped to a query, by its text
   */
  FactoryModel(
      Map<String, EntityModel> entities,
      Map<String, Fragments> collections,
      Map<String, Set<String>> subselects,
      List<MappedTable> tables,
      SqlEffects sql,
      Supplier<Relations> relations) {
    this.entities = Map.copyOf(entities);
    this.subselects = Map.copyOf(subselects);
    this.tables = List.copyOf(tables);
    this.sql = sql;
    this.relations = relations;
    fragments.putAll(collections);
    tables.forEach(table -> mapped.add(DataTags.bare(table.name())));
    entities.values().forEach(this::remember);
  }

  private void remember(EntityModel entity) {
    for (String table : entity.written()) {
      Set<String> along =
          cascades.computeIfAbsent(DataTags.bare(table), any -> new LinkedHashSet<>());
      along.addAll(entity.cascades());
      if (!DataTags.bare(table).equals(DataTags.bare(entity.rootTable()))) {
        along.add(entity.rootTable());
      }
    }
    if (!entity.fragments().equals(Fragments.NONE)) {
      for (String table : entity.tables()) {
        fragments.merge(DataTags.bare(table), entity.fragments(), Fragments::and);
      }
    }
  }

  EntityModel entity(String name) {
    EntityModel entity = entities.get(name);
    if (entity == null) {
      throw new IllegalArgumentException("An entity must be mapped, was: " + name);
    }
    return entity;
  }

  List<MappedTable> tables() {
    return tables;
  }

  SqlEffects sql() {
    return sql;
  }

  KeyLookups lookups() {
    return lookups;
  }

  /**
   * A table that Hibernate names was read, with all that raw SQL of its entities reads beside it.
   */
  void read(String table, Reads reads) {
    if (table.startsWith("(")) {
      subselect(table, reads);
      return;
    }
    readNamed(table, reads);
    Fragments beside = fragments.get(DataTags.bare(table));
    if (beside != null) {
      beside.read(reads, this);
    }
  }

  /** A row of a table was asked for by its id, and there is none. */
  void absent(String table, String id, Reads reads) {
    if (fragments.containsKey(DataTags.bare(table)) || !areTables(Set.of(table))) {
      read(table, reads);
    } else {
      reads.absent(table, id);
    }
  }

  /**
   * A table or view was read under a name that stands in a statement. Of a name that is not known
   * as a table's, the changes that go by it end the value all the same.
   */
  void readNamed(String name, Reads reads) {
    Set<String> tables = behind(name);
    if (tables.isEmpty()) {
      reads.table(name);
      reads.unknown(
          DataTags.bare(name) + ", which is no table of this database as far as is known");
    } else {
      tables.forEach(reads::table);
    }
  }

  /** Returns whether all names are those of tables, and none that of a view. */
  boolean areTables(Set<String> names) {
    for (String name : names) {
      if (!behind(name).equals(Set.of(DataTags.bare(name)))) {
        return false;
      }
    }
    return true;
  }

  /** Returns the unique keys of a table as far as they are known. */
  Set<UniqueKey> uniqueKeys(String table) {
    Set<UniqueKey> keys = relations.get().uniqueKeys(table);
    return keys == null ? Set.of() : keys;
  }

  /** Whether columns of a table take part in a unique key, or may do. */
  boolean mayBeOfKey(String table, Set<String> columns) {
    Set<UniqueKey> keys = relations.get().uniqueKeys(table);
    return keys == null
        || keys.stream().anyMatch(key -> !Collections.disjoint(key.columns(), columns));
  }

  /** Whether a table of the database has this name. */
  boolean isTable(String name) {
    return !behind(name).isEmpty();
  }

  private Set<String> behind(String name) {
    return relations.get().behind(name);
  }

  private void subselect(String text, Reads reads) {
    Set<String> declared = subselects.getOrDefault(text.trim(), Set.of());
    if (declared.isEmpty()) {
      statement("query of an entity", text, reads);
    } else {
      declared.forEach(table -> readNamed(table, reads));
    }
  }

  /**
   * A statement was run that only its text tells about.
   *
   * @param kind what it is, for the developer
   */
  void statement(String kind, String text, Reads reads) {
    SqlEffect effect = sql.of(text);
    effect.tables(this::isTable).forEach(table -> readNamed(table, reads));
    String doubt = effect.doubt();
    if (doubt != null) {
      reads.unknown(kind + ": " + SqlText.shortened(text) + " (" + doubt + ")");
    }
  }

  /** Returns the tables that change along with one: see {@code MappedTables#changedAlong}. */
  Set<String> cascaded(String table) {
    return cascades.getOrDefault(DataTags.bare(table), Set.of());
  }

  /** Returns whether a name is that of a mapped table. */
  boolean isMapped(String name) {
    return mapped.contains(DataTags.bare(name));
  }
}
