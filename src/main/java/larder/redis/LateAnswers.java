package larder.redis;

import java.util.concurrent.atomic.LongAdder;

/**
 * Tells a Redis some of whose answers are late from one that is slow throughout.
 *
 * <p>A late answer is forgiven if the others were in time: {@value #IN_TIME} for each that is late,
 * so three quarters of all. Answers in time are saved up, but no more than make up for {@value
 * #MOST_LATE}, so that what counts are about the last sixteen; a node that knows nothing yet begins
 * with as many. So a cold node bears late answers too, and a Redis that answers everything late is
 * found out after {@value #MOST_LATE} of them.
 *
 * <p>One answer that is late counts for all that were under way beside it: a process that stood
 * still finds all of its answers late, and it stood still once.
 */
final class LateAnswers {

  /** So many answers in time make up for one that is late. */
  private static final int IN_TIME = 3;

  /**
   * Few: while Redis is slow throughout, each costs its callers a deadline, and has them ask a slow
   * Redis again.
   */
  private static final int MOST_LATE = 4;

  private final LongAdder inTime = new LongAdder();
  private long counted; // of those in time
  private long saved = (long) MOST_LATE * IN_TIME; // answers in time that make up for late ones

  /** Takes note of an answer that was in time. Thread-safe. */
  void inTime() {
    inTime.increment();
  }

  /** Whether a late answer would be forgiven now. One thread at a time. */
  boolean areForgiven() {
    long answers = inTime.sum();
    saved = Math.min(saved + answers - counted, (long) MOST_LATE * IN_TIME);
    counted = answers;
    return saved >= IN_TIME;
  }

  /** Forgives one. One thread at a time, after {@link #areForgiven}. */
  void forgive() {
    saved -= IN_TIME;
  }
}
