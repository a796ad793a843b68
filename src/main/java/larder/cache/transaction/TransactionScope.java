package larder.cache.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import larder.cache.log.Tags;
import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One transaction as the caches see it: where it began, and the changes that wait for its commit.
 *
 * <p>Bound to the thread as the transaction is, taken off while it is suspended. The changes are
 * published as one, first of all that happens after the commit, since another callback's exception
 * would keep later ones from running; a transaction whose outcome is not known publishes them as
 * evicts. After a rollback they are forgotten; after a rollback to a savepoint, values put since
 * then are evicts.
 */
final class TransactionScope implements TransactionSynchronization, Ordered {

  private static final Object KEY = TransactionScope.class;

  private final @Nullable Origin origin;
  private final BiConsumer<List<Change>, Boolean> publish;
  private final List<Change> changes = new ArrayList<>();
  private final Map<Object, Integer> savepoints = new HashMap<>();
  private Tags pending = Tags.NONE;
  private int suspensions;
  private boolean published;

  private TransactionScope(@Nullable Origin origin, BiConsumer<List<Change>, Boolean> publish) {
    this.origin = origin;
    this.publish = publish;
  }

  /** Returns the scope of this thread's transaction; null if it has none. */
  static @Nullable TransactionScope find() {
    return (TransactionScope) TransactionSynchronizationManager.getResource(KEY);
  }

  /**
   * Binds a scope to the transaction that has just begun, or is met for the first time.
   *
   * @param origin taken before it began; null if nobody did
   * @param publish takes the changes, and whether they are known to be committed
   */
  static TransactionScope open(@Nullable Origin origin, BiConsumer<List<Change>, Boolean> publish) {
    TransactionScope scope = new TransactionScope(origin, publish);
    TransactionSynchronizationManager.bindResource(KEY, scope);
    TransactionSynchronizationManager.registerSynchronization(scope);
    return scope;
  }

  /** Returns where the transaction began; null if nobody saw it. */
  @Nullable Origin origin() {
    return origin;
  }

  /** Whether a value with these tags may be other than what this transaction has written. */
  boolean touches(Tags tags) {
    return pending.intersects(tags);
  }

  /**
   * Adds a change. A value put earlier that it touches is an evict from now on. What another
   * callback changes after the commit is published at once, since nobody asks this one again.
   */
  void add(Change change) {
    if (published) {
      publish.accept(List.of(change.asEvict()), /* committed= */ true);
      return;
    }
    changes.replaceAll(earlier -> earlier.touchedBy(change.named()) ? earlier.asEvict() : earlier);
    changes.add(change);
    pending = pending.and(change.named());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  /** Returns how often the transaction was suspended. */
  int suspensions() {
    return suspensions;
  }

  @Override
  public void suspend() {
    suspensions++;
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
    int kept = savepoints.getOrDefault(savepoint, 0);
    changes.subList(Math.min(kept, changes.size()), changes.size()).replaceAll(Change::asEvict);
  }

  @Override
  public void afterCommit() {
    publishOnce(/* committed= */ true);
  }

  @Override
  public void afterCompletion(int status) {
    TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
    if (status != STATUS_ROLLED_BACK) {
      publishOnce(status == STATUS_COMMITTED);
    }
  }

  private void publishOnce(boolean committed) {
    if (!published) {
      published = true;
      publish.accept(changes, committed);
    }
  }
}
