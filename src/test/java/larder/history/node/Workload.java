package larder.history.node;

import java.util.Map;

/**
 * What the callers of one node do.
 *
 * @param readers threads that read
 * @param batch reads between two pauses
 * @param readPauseMicros the pause of a reader
 * @param writers threads that write
 * @param writePauseMicros the pause of a writer, on average
 * @param slowShare the share of loads that take their time after reading, 0 to 1
 * @param slowMillis the longest that such a load takes
 * @param forgetMillis how often the near entries are dropped, on average, so that Redis is asked; 0
 *     never
 */
public record Workload(
    int readers,
    int batch,
    long readPauseMicros,
    int writers,
    long writePauseMicros,
    double slowShare,
    int slowMillis,
    int forgetMillis) {

  static final String PREFIX = "history.workload";

  /** Rows of the first table, with the ids from 0. */
  public static final int ITEMS = 100;

  /** Rows of the first table that one query finds. */
  public static final int PER_BUCKET = 10;

  /** The first id of the second table, so that no id stands in both. */
  public static final int FIRST_PART = ITEMS;

  /** Rows of the second table. */
  public static final int PARTS = 50;

  /** Rows of the second table that one query finds. */
  public static final int PER_OWNER = 5;

  /** All rows of both tables. */
  public static final int ROWS = ITEMS + PARTS;

  /** The everyday mixture: many reads, some writes, now and then a slow load. */
  public static final Workload MIXED = new Workload(3, 20, 8_000, 2, 60_000, 0.1, 30, 6_000);

  /**
   * More reads, and fewer writes: where values depend on tables, a write ends many of them, and
   * what is not cached cannot be stale.
   */
  public static final Workload TRACKED = new Workload(3, 40, 8_000, 2, 300_000, 0.1, 30, 6_000);

  /** Loads that mostly take longer than a write does, over rows that are written now and then. */
  public static final Workload SLOW_LOADS = new Workload(4, 20, 8_000, 2, 40_000, 0.9, 80, 0);

  /**
   * Near entries that stay, and so few writes that a node can keep each one in doubt that Redis has
   * not acknowledged.
   */
  public static final Workload STEADY = new Workload(3, 20, 8_000, 1, 120_000, 0.1, 30, 0);

  /** Returns this as settings of a node. */
  public Map<String, String> settings() {
    return Map.of(
        PREFIX + ".readers", "" + readers,
        PREFIX + ".batch", "" + batch,
        PREFIX + ".read-pause-micros", "" + readPauseMicros,
        PREFIX + ".writers", "" + writers,
        PREFIX + ".write-pause-micros", "" + writePauseMicros,
        PREFIX + ".slow-share", "" + slowShare,
        PREFIX + ".slow-millis", "" + slowMillis,
        PREFIX + ".forget-millis", "" + forgetMillis);
  }
}
