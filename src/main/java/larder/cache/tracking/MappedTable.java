package larder.cache.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table that entities or their collections are mapped to.
 *
 * @param name the table as the database is asked for it, with its schema if it is mapped to one,
 *     such as {@code shop.users}
 * @param rootTable the table whose name the tags of a row carry: that of the hierarchy's root for
 *     the tables of an entity, the table itself for one that belongs to no entity's row
 * @param idColumns the columns of this table that hold the id of the row of the root table, in the
 *     order of the id; empty if rows have no such id
 * @param rowTags whether a load may depend on one row: the id is one integer, uuid or text column
 */
public record MappedTable(String name, String rootTable, List<String> idColumns, boolean rowTags) {

  public MappedTable {
    idColumns = List.copyOf(idColumns);
    if (rowTags && idColumns.size() != 1) {
      throw new IllegalArgumentException(
          "A table with row tags must have one id column, " + name + " has: " + idColumns);
    }
  }

  /**
   * Returns each table once. One that is mapped in several ways, of which each has another id, has
   * no row tags: whoever tells of it tells of the table.
   */
  public static List<MappedTable> merged(List<MappedTable> tables) {
    Map<String, MappedTable> merged = new LinkedHashMap<>();
    for (MappedTable table : tables) {
      merged.merge(table.name(), table, MappedTable::merged);
    }
    return List.copyOf(merged.values());
  }

  private static MappedTable merged(MappedTable one, MappedTable other) {
    return one.equals(other)
        ? one
        : new MappedTable(one.name, one.rootTable, List.of(), /* rowTags= */ false);
  }
}
