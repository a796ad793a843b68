package larder.cache.tracking;

/** How this process sees what is read from its databases. Thread-safe. */
public interface DatabaseReads {

  /** Nothing is seen. */
  DatabaseReads UNSEEN =
      new DatabaseReads() {
        @Override
        public void addHeld(Reads reads) {}

        @Override
        public boolean areSeen() {
          return false;
        }
      };

  /**
   * Adds to what a load reads what this thread holds already and may show without a further read,
   * such as the contents of a persistence context. Never throws.
   */
  void addHeld(Reads reads);

  /** Whether reads are seen at all; where they are not, nothing is missed in another thread. */
  boolean areSeen();
}
