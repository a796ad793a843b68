package larder.cache.tracking;

import java.util.List;
import java.util.Set;

/** The tables that the application's entities and their collections are mapped to. */
@FunctionalInterface
public interface MappedTables {

  /** Returns the mapped tables, each once; the order means nothing. */
  List<MappedTable> tables();

  /**
   * Returns the tables that change when somebody changes one of this name past the mapping: those
   * to which the database cascades, and the root of its hierarchy, whose name rows go by.
   */
  default Set<String> changedAlong(String table) {
    return Set.of();
  }
}
