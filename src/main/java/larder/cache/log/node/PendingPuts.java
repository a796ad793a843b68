package larder.cache.log.node;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.TransactionId;

/**
 * Values of committed {@code @CachePut} methods that wait for their own record.
 *
 * <p>A put is decided in the applier, at the first record of its transaction that names its key and
 * <em>before</em> that record is applied. At that moment the horizon knows exactly the records
 * before the put's own, so "did anybody else change what the value depends on since the method
 * began" is the question that the horizon answers for every value: is it condemned, judged as of
 * its origin? If not, the value contains all that stands before its own record, and is stored as of
 * that record. If so, the record remains what it is anyway: an evict.
 *
 * <p>Asked after the own record was applied the horizon could not tell, since a slot keeps only the
 * last number. Asked before the position has reached the record, it does not know yet. A gap and a
 * new epoch condemn through floor and epoch. When the relay was faster and told other tags of the
 * same transaction first, the put is lost and nothing else.
 *
 * <p>Not safe for several threads.
 */
class PendingPuts {

  private record Pending(TransactionId transaction, long key, Stamp stamp, Consumer<Stamp> store) {}

  private final int capacity;
  private final List<Pending> pending = new ArrayList<>();

  /** Room for so many puts; a further one counts as an evict. */
  PendingPuts(int capacity) {
    this.capacity = capacity;
  }

  /** Adds the value of a committed put, stamped as of its origin. */
  void add(TransactionId transaction, long key, Stamp stamp, Consumer<Stamp> store) {
    if (pending.size() < capacity) {
      pending.add(new Pending(transaction, key, stamp, store));
    }
  }

  /** Decides the puts whose own record this is, before it is applied at {@code at}. */
  void decide(Horizon horizon, Position at, Invalidation record) {
    for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
      Pending put = all.next();
      if (put.transaction.equals(record.transaction()) && record.tags().contains(put.key)) {
        all.remove();
        if (!horizon.condemns(put.stamp.asOf(), put.stamp.tags())) {
          put.store.accept(put.stamp.asOf(at));
        }
      }
    }
  }

  /** Drops the puts of a transaction. */
  void drop(TransactionId transaction) {
    pending.removeIf(put -> put.transaction.equals(transaction));
  }
}
