package larder.cache.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import larder.cache.transaction.CacheTransactions;

/**
 * The turns of nodes to load: one node loads a key, and the others look again and again, for a
 * bounded time, until its value is there or the turn is theirs.
 */
final class Turns {

  /** Patience with other nodes while holding a database connection. */
  private static final Duration SHORT_PATIENCE = Duration.ofMillis(50);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(4);

  private final KeyLocks locks;
  private final CacheTransactions transactions;
  private final Duration patience;

  /**
   * @param locks whose lock is held has the turn
   * @param patience longest wait for another node's load
   */
  Turns(KeyLocks locks, CacheTransactions transactions, Duration patience) {
    this.locks = locks;
    this.transactions = transactions;
    this.patience = patience;
  }

  /** What the turns are told by. */
  KeyLocks locks() {
    return locks;
  }

  /** Returns what comes of a lookup: a value, the lock, or neither at the end of the patience. */
  Turn await(Call call, Missed miss) {
    if (!miss.isUnasked()) {
      return awaited(miss, new Turn(null, locks.tryAcquire(miss.key())));
    }
    Turn turn = miss.ask(locks);
    if (turn.found() != null) {
      call.foundRemote();
    }
    return awaited(miss, turn);
  }

  private Turn awaited(Missed miss, Turn first) {
    if (!first.isNone()) {
      return first;
    }
    Duration longest = transactions.holdsConnection() ? SHORT_PATIENCE : patience;
    long until = System.nanoTime() + Math.min(longest.toNanos(), patience.toNanos());
    Turn turn = first;
    while (turn.isNone()
        && System.nanoTime() - until < 0
        && !Thread.currentThread().isInterrupted()) {
      pause();
      turn = miss.claim(locks);
    }
    return turn;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
