package larder.cache.tracking;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables of the database, and what stands behind a name that may be a view's. */
@FunctionalInterface
public interface Relations {

  /**
   * Returns the tables whose changes show in what is read under a name: the table itself, or those
   * that a view selects from; empty if that is not known.
   */
  Set<String> behind(String name);

  /**
   * Returns the unique keys of a table; null if they are not known, or not yet. Never waits for the
   * database.
   */
  default @Nullable Set<UniqueKey> uniqueKeys(String table) {
    return null;
  }
}
