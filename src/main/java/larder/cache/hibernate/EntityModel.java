package larder.cache.hibernate;

import java.util.List;
import java.util.Set;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Writes;
import org.jspecify.annotations.Nullable;

/**
 * How the state of one kind of entity depends on tables and rows.
 *
 * @param name the entity's name
 * @param rootTable the table whose name the tags of its rows carry
 * @param tables all tables that a load by id may read, those of subclasses included
 * @param written the tables that a write of this very entity changes
 * @param rowTags whether the state of an instance depends on its own row and nothing else
 * @param others tables that the state of an instance depends on beside its own, such as those of
 *     inverse one-to-one associations
 * @param collections the tables that collections of an instance are written to
 * @param fragments what raw SQL within the mapping reads
 * @param cascades tables from which the database itself deletes with a row of this entity
 */
record EntityModel(
    String name,
    String rootTable,
    Set<String> tables,
    List<String> written,
    boolean rowTags,
    Set<String> others,
    Set<String> collections,
    Fragments fragments,
    Set<String> cascades) {

  EntityModel {
    tables = Set.copyOf(tables);
    written = List.copyOf(written);
    others = Set.copyOf(others);
    collections = Set.copyOf(collections);
    cascades = Set.copyOf(cascades);
  }

  /** Returns the same entity, whose instances depend on tables. */
  EntityModel withoutRowTags() {
    return new EntityModel(
        name,
        rootTable,
        tables,
        written,
        /* rowTags= */ false,
        others,
        collections,
        fragments,
        cascades);
  }

  /** An instance with this id was read. */
  void read(@Nullable Object id, Reads reads, FactoryModel model) {
    if (rowTags && id != null && model.areTables(tables)) {
      reads.row(rootTable, id.toString());
    } else {
      tables.forEach(table -> model.read(table, reads));
    }
    fragments.read(reads, model);
  }

  /** An instance with this id was asked for, and there is none. */
  void absent(@Nullable Object id, Reads reads, FactoryModel model) {
    if (rowTags && id != null && tables.equals(Set.of(rootTable))) {
      model.absent(rootTable, id.toString(), reads);
    } else {
      tables.forEach(table -> model.read(table, reads));
    }
  }

  /** An instance as a persistence context holds it was read, with what hangs on it. */
  void held(@Nullable Object id, Reads reads, FactoryModel model) {
    read(id, reads, model);
    others.forEach(table -> model.read(table, reads));
  }

  /** An instance was found by a unique key of its one table. */
  void readByKey(Object id, Reads reads, FactoryModel model) {
    read(id, reads, model);
    reads.rowByKey(rootTable, id.toString());
  }

  /**
   * An instance with this id was written.
   *
   * @param newKey whether it may have a unique key now that it did not have before
   */
  void wrote(@Nullable Object id, boolean newKey, Writes writes) {
    if (rowTags && id != null) {
      writes.row(rootTable, id.toString(), newKey);
      for (String table : written) {
        if (!table.equals(rootTable)) {
          writes.row(table, id.toString(), newKey);
        }
      }
    } else {
      written.forEach(writes::table);
    }
  }
}
