package larder.cache.tracking;

import java.util.List;

/** The tables that the application's entities and their collections are mapped to. */
@FunctionalInterface
public interface MappedTables {

  /** Returns the mapped tables, each once; the order means nothing. */
  List<MappedTable> tables();
}
