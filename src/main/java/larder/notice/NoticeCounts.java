package larder.notice;

import java.util.concurrent.atomic.LongAdder;

/** What has happened to notices on this node since its start. May be read by any thread. */
public final class NoticeCounts {

  private final LongAdder published = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder announced = new LongAdder();
  private final LongAdder caughtUp = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder resets = new LongAdder();

  void countPublished() {
    published.increment();
  }

  void countLost() {
    lost.increment();
  }

  void countAnnounced() {
    announced.increment();
  }

  void countCaughtUp() {
    caughtUp.increment();
  }

  void countDelivered() {
    delivered.increment();
  }

  void countReset() {
    resets.increment();
  }

  /** Returns how many notices of this node stand in the stream, as Redis has confirmed. */
  public long published() {
    return published.sum();
  }

  /** Returns how many notices of this node Redis has not confirmed in time; most are lost. */
  public long lost() {
    return lost.sum();
  }

  /** Returns how many notices this node has heard of by publish/subscribe. */
  public long announced() {
    return announced.sum();
  }

  /** Returns how many notices this node has found by reading the stream. */
  public long caughtUp() {
    return caughtUp.sum();
  }

  /** Returns how many notices subscriptions have taken; one counts for each. */
  public long delivered() {
    return delivered.sum();
  }

  /** Returns how many times a subscription was told that notices may be missing. */
  public long resets() {
    return resets.sum();
  }
}
