package larder.locks;

import java.time.Instant;

/** What came of one attempt to take a lock. */
sealed interface Attempt {

  /**
   * The lock is the caller's.
   *
   * @param since by the server's clock
   */
  record Taken(long epoch, long count, Instant since) implements Attempt {

    long number() {
      return epoch * LockScripts.COUNTS + count;
    }
  }

  /**
   * It is not.
   *
   * @param why continues a sentence
   * @param away whether Redis did not answer
   */
  record Refused(String why, boolean away) implements Attempt {}

  Refused AWAY = new Refused("Redis does not answer", true);
  Refused NO_EPOCH = new Refused("there is no number to be had", true);
  Refused HELD = new Refused("another holds it", false);
  Refused KEPT =
      new Refused("others are before, or Redis has just begun anew and may not know", false);
}
