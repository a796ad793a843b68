package larder.cache.tracking;

import java.util.List;

/** How this process sees what is read from its databases. Thread-safe. */
public interface DatabaseReads {

  /** Nothing is seen. */
  DatabaseReads UNSEEN = all(List.of());

  /** Returns what several ways see together. */
  static DatabaseReads all(List<DatabaseReads> ways) {
    return new DatabaseReads() {
      @Override
      public void addHeld(Reads reads) {
        ways.forEach(way -> way.addHeld(reads));
      }

      @Override
      public boolean areSeen() {
        return ways.stream().anyMatch(DatabaseReads::areSeen);
      }
    };
  }

  /**
   * Adds to what a load reads what this thread holds already and may show without a further read,
   * such as the contents of a persistence context. Never throws.
   */
  void addHeld(Reads reads);

  /** Whether reads are seen at all; where they are not, nothing is missed in another thread. */
  boolean areSeen();
}
