package larder.nodes;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A place where one thread waits until another opens it, and can be seen to wait. */
final class Gate {

  private static final long LONGEST_SECONDS = 30;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Waits until the gate is open. */
  void pass() {
    reached.countDown();
    await(opened);
  }

  /** Returns when a thread waits at the gate, or has passed it. */
  void awaitReached() {
    await(reached);
  }

  void open() {
    opened.countDown();
  }

  /** Waits for a latch in good time. */
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Nobody came within " + LONGEST_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted at a gate", e);
    }
  }
}
