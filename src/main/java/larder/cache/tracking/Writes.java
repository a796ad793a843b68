package larder.cache.tracking;

import java.util.Collection;

/**
 * Takes what this thread's transaction writes, at the moment it is written; without a transaction
 * what was written and committed. Never throws for the caches' sake. Thread-safe.
 */
public interface Writes {

  /** Takes nothing. */
  Writes NONE =
      new Writes() {
        @Override
        public void row(String table, String id, boolean newKey) {}

        @Override
        public void table(String table) {}

        @Override
        public void unknown(String what) {}

        @Override
        public Writes committed() {
          return this;
        }
      };

  /**
   * A row was inserted, updated or deleted.
   *
   * @param id the id as the database writes it as text
   * @param newKey whether it may have a unique key now that it did not have before
   */
  void row(String table, String id, boolean newKey);

  /** Rows of a table were changed, of which it is not known which. */
  void table(String table);

  /** Rows of several tables were changed at once. */
  default void tables(Collection<String> tables) {
    tables.forEach(this::table);
  }

  /**
   * Something may have been written, of which it is not known what.
   *
   * @param what a few words for the developer, such as the statement; no values
   */
  void unknown(String what);

  /** Returns what takes writes that are committed already, whatever transaction the thread has. */
  Writes committed();
}
