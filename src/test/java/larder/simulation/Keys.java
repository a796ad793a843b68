package larder.simulation;

import larder.cache.log.Tags;

/** The keys of the one simulated cache, with the tags that their values carry and writes name. */
final class Keys {

  static final int QUERY = Scenario.ROWS;
  static final int COUNT = Scenario.ROWS + 1;

  private static final Tags CACHE = Tags.of("c:cache");
  private static final Tags[] KEY = new Tags[COUNT];
  private static final Tags[] ROW = new Tags[Scenario.ROWS];
  private static final Tags[] CARRIED = new Tags[COUNT];

  static {
    for (int key = 0; key < COUNT; key++) {
      KEY[key] = Tags.of("k:cache:" + key);
    }
    for (int row = 0; row < Scenario.ROWS; row++) {
      ROW[row] = Tags.of("t:rows", "t:rows:" + row);
      CARRIED[row] = CACHE.and(KEY[row]).and(Tags.of("t:rows:" + row));
    }
    CARRIED[QUERY] = CACHE.and(KEY[QUERY]).and(Tags.of("t:rows"));
  }

  private Keys() {}

  /** The tags of a value. */
  static Tags carried(int key) {
    return CARRIED[key];
  }

  /** What an annotated evict or put of a key names. */
  static Tags key(int key) {
    return KEY[key];
  }

  /** What a change of a row names. */
  static Tags row(int row) {
    return ROW[row];
  }

  /** What a clear of the cache names. */
  static Tags all() {
    return CACHE;
  }

  /** Whether the value of a key is made of a row. */
  static boolean reads(int key, int row) {
    return key == QUERY || key == row;
  }
}
