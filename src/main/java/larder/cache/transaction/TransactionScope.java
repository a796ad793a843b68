package larder.cache.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import larder.cache.log.Tags;
import larder.cache.log.node.Origin;
import larder.cache.transaction.Outbox.Written;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One transaction as the caches see it: where it began, and the changes that wait for its commit.
 *
 * <p>Bound to the thread as the transaction is, taken off while it is suspended. The changes are
 * published as one, first of all that happens after the commit, since another callback's exception
 * would keep later ones from running; what changes still later, in another callback, is published
 * at once. After a rollback they are forgotten; after a rollback to a savepoint, values put since
 * then are evicts.
 *
 * <p>They are published as evicts where something may have become visible all the same: if the
 * outcome is not known; if the rollback came after the commit was tried, since a transaction
 * manager takes a lost answer to COMMIT for a failure; and if nobody saw the transaction begin, so
 * that it may have been suspended unseen. What changes after a suspension may tell of what was
 * committed meanwhile, and is published at once as well.
 */
final class TransactionScope implements TransactionSynchronization, Ordered {

  private static final Object KEY = TransactionScope.class;

  private final @Nullable Origin origin;
  private final Fate fate;
  private final List<Change> changes = new ArrayList<>();
  private final Map<Object, Integer> savepoints = new HashMap<>();
  private final Map<String, Integer> rows = new HashMap<>();
  private final Set<Long> pending = new HashSet<>();
  private final Set<Long> doubtful = new HashSet<>();
  private boolean putsBefore;
  private boolean opaque;
  private boolean commitTried;
  private boolean suspended;
  private boolean published;
  private @Nullable Written written;

  private TransactionScope(@Nullable Origin origin, Fate fate) {
    this.origin = origin;
    this.fate = fate;
  }

  /** What comes of a transaction. */
  interface Fate {

    /**
     * The commit has begun: leaves changes in the outbox.
     *
     * @param changes gives the changes once the end has come; null if there is nothing to leave
     * @param written takes what stands in the outbox then; may come later, and may not come
     */
    void leave(Supplier<@Nullable List<Change>> changes, Consumer<Written> written);

    /**
     * The end has come: makes changes known.
     *
     * @param committed whether they are known to be committed
     * @param written what stands in the outbox for their transaction; null if nothing is known to
     */
    void publish(List<Change> changes, boolean committed, @Nullable Written written);

    /** The transaction, or a part of it, was not committed for all that is known. */
    void unseen();
  }

  /** Returns the scope of this thread's transaction; null if it has none. */
  static @Nullable TransactionScope find() {
    return (TransactionScope) TransactionSynchronizationManager.getResource(KEY);
  }

  /**
   * Binds a scope to the transaction that has just begun, or is met for the first time; in place of
   * one that a transaction manager which completes elsewhere has left on the thread.
   *
   * @param origin taken before it began; null if nobody did
   * @param fate told what comes of it
   */
  static TransactionScope open(@Nullable Origin origin, Fate fate) {
    TransactionScope scope = new TransactionScope(origin, fate);
    TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
    TransactionSynchronizationManager.bindResource(KEY, scope);
    TransactionSynchronizationManager.registerSynchronization(scope);
    return scope;
  }

  /** Whether this is the scope of the transaction that this thread has now. */
  boolean isOpen() {
    return TransactionSynchronizationManager.getSynchronizations().contains(this);
  }

  /** Returns where the transaction began; null if nobody saw it. */
  @Nullable Origin origin() {
    return origin;
  }

  /** Whether what changes now may belong to another transaction, which has ended already. */
  boolean isAccompanied() {
    return suspended;
  }

  /** Whether a value with these tags may be other than what this transaction has written. */
  boolean touches(Tags tags) {
    if (opaque) {
      return true;
    }
    for (int i = 0; i < tags.size() && !pending.isEmpty(); i++) {
      if (pending.contains(tags.hash(i)) || doubtful.contains(tags.hash(i))) {
        return true;
      }
    }
    return false;
  }

  /** Has this transaction, and nobody else, find nothing that depends on a tag. */
  void doubt(String tag) {
    doubtful.add(Tags.hash(tag));
  }

  /** Whether writing these tags once more says nothing new. */
  boolean hasTold(Tags tags) {
    for (int i = 0; i < tags.size(); i++) {
      if (!pending.contains(tags.hash(i))) {
        return false;
      }
    }
    return !putsBefore && !published && !suspended;
  }

  /** Counts a row that the transaction has written, and returns how many of its table it has. */
  int countRow(String table) {
    return rows.merge(table, 1, Integer::sum);
  }

  /** Takes note that the transaction may have written what nobody can name. */
  void wroteUnknown() {
    opaque = true;
    changes.replaceAll(Change::asEvict);
  }

  /** Adds a change. A value put earlier that it touches is an evict from now on. */
  void add(Change change) {
    if (published) {
      fate.publish(List.of(change), /* committed= */ true, /* written= */ null);
      return;
    }
    Tags named = change.named();
    if (putsBefore) {
      changes.replaceAll(earlier -> earlier.touchedBy(named) ? earlier.asEvict() : earlier);
    }
    changes.add(change);
    putsBefore |= change.put() != null;
    for (int i = 0; i < named.size(); i++) {
      pending.add(named.hash(i));
    }
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void suspend() {
    suspended = true;
    TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
  }

  @Override
  public void resume() {
    TransactionSynchronizationManager.bindResource(KEY, this);
  }

  @Override
  public void savepoint(Object savepoint) {
    savepoints.put(savepoint, changes.size());
  }

  @Override
  public void savepointRollback(Object savepoint) {
    fate.unseen();
    int kept = savepoints.getOrDefault(savepoint, 0);
    changes.subList(Math.min(kept, changes.size()), changes.size()).replaceAll(Change::asEvict);
  }

  @Override
  public void beforeCommit(boolean readOnly) {
    commitTried = true;
    if (!readOnly) {
      fate.leave(() -> opaque || !changes.isEmpty() ? changes : null, found -> written = found);
    }
  }

  @Override
  public void afterCommit() {
    publishOnce(/* committed= */ true);
  }

  @Override
  public void afterCompletion(int status) {
    TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
    if (status != STATUS_COMMITTED) {
      fate.unseen();
    }
    if (status != STATUS_ROLLED_BACK || commitTried || origin == null) {
      publishOnce(status == STATUS_COMMITTED);
    }
  }

  private void publishOnce(boolean committed) {
    if (!published) {
      published = true;
      fate.publish(changes, committed, committed ? written : null);
    }
  }
}
