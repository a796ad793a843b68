package larder.cache.hibernate;

import jakarta.persistence.EntityManager;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import larder.cache.tracking.Writes;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes of a session within a transaction that is not the one that Spring has in this thread: told
 * at once, and once more, as committed, after the session's own transaction has ended.
 */
final class SessionWrites implements Writes {

  /** Of so many rows of a table, each is told once more; of more, the table. */
  private static final int MOST_ROWS = 20;

  private final Writes writes;
  private final Map<String, Set<String>> rows = new LinkedHashMap<>();
  private final Set<String> newKeys = new LinkedHashSet<>();
  private final Set<String> tables = new LinkedHashSet<>();

  private SessionWrites(Writes writes) {
    this.writes = writes;
  }

  static Writes of(SharedSessionContractImplementor session, Writes writes) {
    if (!session.isTransactionInProgress() || isSprings(session)) {
      return writes;
    }
    SessionWrites own = new SessionWrites(writes);
    session
        .getTransactionCompletionCallbacks()
        .registerCallback((successful, ended) -> own.tellOnceMore());
    return own;
  }

  /** Whether a session is in the transaction that Spring has in this thread. */
  private static boolean isSprings(SharedSessionContractImplementor session) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return false;
    }
    for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
      if (resource instanceof EntityManagerHolder holder
          && target(holder.getEntityManager()).equals(session)) {
        return true;
      }
    }
    return false;
  }

  private static Object target(EntityManager entities) {
    return entities instanceof EntityManagerProxy proxy ? proxy.getTargetEntityManager() : entities;
  }

  private void tellOnceMore() {
    Writes committed = writes.committed();
    rows.forEach(
        (table, ids) -> {
          if (ids.size() > MOST_ROWS) {
            tables.add(table);
          } else {
            ids.forEach(id -> committed.row(table, id, newKeys.contains(table)));
          }
        });
    committed.tables(tables);
  }

  @Override
  public void row(String table, String id, boolean newKey) {
    rows.computeIfAbsent(table, any -> new LinkedHashSet<>()).add(id);
    if (newKey) {
      newKeys.add(table);
    }
    writes.row(table, id, newKey);
  }

  @Override
  public void table(String table) {
    tables.add(table);
    writes.table(table);
  }

  @Override
  public void unknown(String what) {
    writes.unknown(what);
  }

  @Override
  public Writes committed() {
    return writes.committed();
  }
}
