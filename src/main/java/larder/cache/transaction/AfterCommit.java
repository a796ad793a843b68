package larder.cache.transaction;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes to caches that wait for the commit of the surrounding transaction, and what they will
 * touch.
 *
 * <p>Without a transaction a write happens at once. With one, it happens after the commit, in the
 * order given, and never after a rollback, also one to a savepoint; until then what it touches
 * counts as absent in this transaction, so that a transaction does not read what it has just
 * replaced. A write that throws is logged and does not keep the others from happening. Bound to the
 * thread, as the transaction is; a transaction that is suspended takes its writes with it.
 */
public final class AfterCommit {

  private static final Logger log = LoggerFactory.getLogger(AfterCommit.class);

  private AfterCommit() {}

  /**
   * Runs a write after the commit, or at once without a transaction.
   *
   * @param cache the cache written to
   * @param key the key written to; null for all of them
   * @param inDoubt runs instead if nobody knows whether the transaction was committed
   */
  public static void run(String cache, @Nullable String key, Runnable write, Runnable inDoubt) {
    if (inTransaction()) {
      Pending pending = Pending.current();
      pending.touched.computeIfAbsent(cache, c -> new HashSet<>()).add(key);
      TransactionSynchronizationManager.registerSynchronization(new OnCommit(write, inDoubt));
    } else {
      write.run();
    }
  }

  /**
   * Runs a write that stores what was read: after the commit, if the transaction may have read what
   * only it wrote; else at once.
   */
  public static void fill(Runnable write) {
    if (inTransaction() && !TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
      TransactionSynchronizationManager.registerSynchronization(new OnCommit(write, () -> {}));
    } else {
      write.run();
    }
  }

  /** Whether a write would wait for a commit. */
  public static boolean isPending() {
    return inTransaction();
  }

  /** Whether this transaction will write to a key once it commits. */
  public static boolean touches(String cache, String key) {
    Pending pending = Pending.find();
    return pending != null && pending.touches(cache, key);
  }

  private static boolean inTransaction() {
    return TransactionSynchronizationManager.isSynchronizationActive()
        && TransactionSynchronizationManager.isActualTransactionActive();
  }

  /** What the transaction will write to; bound to it as one of its synchronizations. */
  private static final class Pending implements TransactionSynchronization {

    final Map<String, Set<@Nullable String>> touched = new HashMap<>();

    static Pending current() {
      Pending found = find();
      if (found == null) {
        found = new Pending();
        TransactionSynchronizationManager.registerSynchronization(found);
      }
      return found;
    }

    static @Nullable Pending find() {
      if (!TransactionSynchronizationManager.isSynchronizationActive()) {
        return null;
      }
      Predicate<Object> pending = Pending.class::isInstance;
      return (Pending)
          TransactionSynchronizationManager.getSynchronizations().stream()
              .filter(pending)
              .findFirst()
              .orElse(null);
    }

    boolean touches(String cache, String key) {
      Set<@Nullable String> keys = touched.get(cache);
      return keys != null && (keys.contains(key) || keys.contains(null));
    }
  }

  /**
   * One write, at the commit.
   *
   * <p>What is registered while other synchronizations hear of the commit does not hear of it any
   * more, but of the completion.
   */
  private static final class OnCommit implements TransactionSynchronization {

    private final Runnable write;
    private final Runnable inDoubt;
    private final Set<Object> savepointsSince = new HashSet<>();
    private boolean done;

    OnCommit(Runnable write, Runnable inDoubt) {
      this.write = write;
      this.inDoubt = inDoubt;
    }

    @Override
    public int getOrder() {
      return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void savepoint(Object savepoint) {
      savepointsSince.add(savepoint);
    }

    /** Undoes a write that came after the savepoint. */
    @Override
    public void savepointRollback(Object savepoint) {
      done |= !savepointsSince.contains(savepoint);
    }

    @Override
    public void afterCommit() {
      once(write);
    }

    @Override
    public void afterCompletion(int status) {
      if (status == STATUS_COMMITTED) {
        once(write);
      } else if (status == STATUS_UNKNOWN) {
        once(inDoubt);
      }
    }

    private void once(Runnable action) {
      if (done) {
        return;
      }
      done = true;
      try {
        action.run();
      } catch (RuntimeException e) {
        log.warn("A cache could not be written to after a commit; its entry may be stale", e);
      }
    }
  }
}
