package larder.history.node;

import java.util.Map;
import java.util.concurrent.TimeUnit;

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
 * @param roundMillis each table is written for the first third of a round, then left alone, the
 *     second half a round after the first; 0: always. Only where a table is left alone for longer
 *     than the bound is it seen that a write did not end what depends on the table: else the next
 *     one does.
 */
public record Workload(
    int readers,
    int batch,
    long readPauseMicros,
    int writers,
    long writePauseMicros,
    double slowShare,
    int slowMillis,
    int forgetMillis,
    int roundMillis) {

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
  public static final Workload MIXED = new Workload(3, 20, 8_000, 2, 60_000, 0.1, 30, 6_000, 0);

  /**
   * More reads, and writes in rounds: where values depend on tables, a write ends many of them, and
   * what is not cached cannot be stale.
   */
  public static final Workload TRACKED =
      new Workload(3, 40, 8_000, 2, 150_000, 0.1, 30, 6_000, 5_000);

  /** Loads that mostly take longer than a write does, over rows that are written now and then. */
  public static final Workload SLOW_LOADS = new Workload(4, 20, 8_000, 2, 40_000, 0.9, 80, 0, 0);

  /** Callers who only read. */
  public static final Workload READING = new Workload(3, 40, 8_000, 0, 0, 0.1, 30, 0, 0);

  /** A writer who leaves the others the time to read what they may keep. */
  public static final Workload WRITING = new Workload(1, 20, 8_000, 1, 400_000, 0.1, 30, 0, 0);

  /** Whether a row may be written at an instant of the clock that all processes have. */
  public boolean mayWrite(int id, long nanos) {
    long round = TimeUnit.MILLISECONDS.toNanos(roundMillis);
    return round == 0
        || Math.floorMod(nanos + (id < FIRST_PART ? 0 : round / 2), round) < round / 3;
  }

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
        PREFIX + ".forget-millis", "" + forgetMillis,
        PREFIX + ".round-millis", "" + roundMillis);
  }
}
