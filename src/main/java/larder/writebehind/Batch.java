package larder.writebehind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the first entries of a partition, each once, in their order.
 *
 * <h2>Why once</h2>
 *
 * One transaction locks the partition's row of the {@link Ledger}, drops entries that the ledger
 * knows, has the sink write the others, and writes down the last id. Whoever else has read the same
 * entries, be it a node that was paused for an hour, waits for nothing and finds them known.
 * Whether a commit whose answer got lost has happened, the next attempt finds in the ledger too.
 * Entries leave Redis after the commit only, so that every reader begins with the first that is not
 * written yet, and none is passed over.
 *
 * <h2>What cannot be written</h2>
 *
 * When a batch fails for its own sake and is to be isolated, it is halved, the first half first,
 * down to the entries that fail alone; those are buried in the transaction that moves the ledger
 * past them. A failure of the time (a lost connection, a deadlock) ends the attempt, and buries
 * nothing.
 */
final class Batch {

  /** How it went. */
  record Outcome(int applied, int buried, int repeated) {

    static final Outcome NOTHING = new Outcome(0, 0, 0);

    Outcome and(Outcome next) {
      return new Outcome(applied + next.applied, buried + next.buried, repeated + next.repeated);
    }
  }

  /** The ledger cannot be had now, which is nobody's fault who wrote an entry. */
  static final class LedgerFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerFailure(Exception cause) {
      super(cause);
    }
  }

  private final Partition partition;
  private final Ledger ledger;
  private final ElementCodec codec;
  private final Sink sink;
  private final TransactionTemplate transactions;

  Batch(
      Partition partition,
      Ledger ledger,
      ElementCodec codec,
      Sink sink,
      TransactionTemplate transactions) {
    this.partition = partition;
    this.ledger = ledger;
    this.codec = codec;
    this.sink = sink;
    this.transactions = transactions;
  }

  /**
   * Returns the transactions that batches are written in.
   *
   * @param seconds longest that one may take
   */
  static TransactionTemplate transactions(PlatformTransactionManager manager, int seconds) {
    TransactionTemplate transactions = new TransactionTemplate(manager);
    transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    // What others committed before the lock was had must be seen behind it.
    transactions.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    transactions.setTimeout(seconds);
    return transactions;
  }

  /**
   * Writes entries.
   *
   * @param isolate whether those that fail for their own sake are found and buried
   * @throws RuntimeException if not all are written or buried; those before the first that is not
   *     may be
   */
  Outcome write(List<Entry> entries, boolean isolate) {
    try {
      return transact(entries);
    } catch (LedgerFailure failure) {
      throw failure;
    } catch (RuntimeException | Error failure) {
      if (!isolate || Failures.isTransient(failure)) {
        throw failure;
      }
      return isolate(entries, failure);
    }
  }

  private Outcome isolate(List<Entry> entries, Throwable failure) {
    if (entries.size() == 1) {
      return bury(entries, Failures.describe(failure));
    }
    int half = entries.size() / 2;
    return write(entries.subList(0, half), /* isolate= */ true)
        .and(write(entries.subList(half, entries.size()), /* isolate= */ true));
  }

  private Outcome transact(List<Entry> entries) {
    return done(
        transactions.execute(
            status -> {
              List<Entry> fresh = fresh(entries);
              List<Entry> broken = new ArrayList<>();
              List<Object> elements = new ArrayList<>(fresh.size());
              for (Entry entry : fresh) {
                Optional<Object> element =
                    entry.epoch().isEmpty() ? Optional.empty() : codec.decode(entry.payload());
                element.ifPresentOrElse(elements::add, () -> broken.add(entry));
              }
              if (!elements.isEmpty()) {
                sink.apply(List.copyOf(elements));
              }
              ledger.bury(partition, broken, "undecodable");
              advance(fresh, elements.size());
              int repeated = entries.size() - fresh.size();
              return new Outcome(elements.size(), broken.size(), repeated);
            }));
  }

  /** Buries what is not known yet. Whatever fails here, is not an entry's fault. */
  private Outcome bury(List<Entry> entries, String error) {
    try {
      return done(
          transactions.execute(
              status -> {
                List<Entry> fresh = fresh(entries);
                ledger.bury(partition, fresh, error);
                advance(fresh, 0);
                return new Outcome(0, fresh.size(), entries.size() - fresh.size());
              }));
    } catch (DataAccessException failure) {
      throw new LedgerFailure(failure);
    }
  }

  private static Outcome done(@Nullable Outcome outcome) {
    return outcome == null ? Outcome.NOTHING : outcome;
  }

  private List<Entry> fresh(List<Entry> entries) {
    try {
      Map<String, StreamId> last = ledger.lock(partition);
      return entries.stream()
          .filter(
              entry -> entry.id().compareTo(last.getOrDefault(entry.epoch(), StreamId.ZERO)) > 0)
          .toList();
    } catch (DataAccessException failure) {
      throw new LedgerFailure(failure);
    }
  }

  private void advance(List<Entry> fresh, int applied) {
    Map<String, StreamId> last = new HashMap<>();
    fresh.forEach(entry -> last.put(entry.epoch(), entry.id()));
    int left = applied;
    for (Map.Entry<String, StreamId> one : last.entrySet()) {
      ledger.advance(partition, one.getKey(), one.getValue(), left);
      left = 0;
    }
  }
}
