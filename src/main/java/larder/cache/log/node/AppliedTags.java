package larder.cache.log.node;

import java.util.LinkedHashMap;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * The tags already applied for each recent transaction, so that a change told twice costs one miss.
 *
 * <p>The writer's own record and the relay's tell of one transaction, and each may know tags that
 * the other does not; so what counts is the tag, not the transaction. The memory is bounded by the
 * number of tags, oldest transactions first. What is forgotten is applied again: a miss more.
 *
 * <p>Not safe for several threads.
 */
final class AppliedTags {

  private final int capacity;
  private final LinkedHashMap<TransactionId, Tags> applied = new LinkedHashMap<>();
  private int size;

  /** A memory for so many tags, each transaction counting as one more. */
  AppliedTags(int capacity) {
    this.capacity = capacity;
  }

  /** The tags among {@code tags} that were not yet applied for this transaction. */
  Tags fresh(@Nullable TransactionId transaction, Tags tags) {
    Tags known = transaction == null ? null : applied.get(transaction);
    return known == null ? tags : tags.without(known);
  }

  /** Remembers that these tags are applied for this transaction. */
  void add(TransactionId transaction, Tags tags) {
    Tags known = applied.remove(transaction);
    Tags all = known == null ? tags : known.and(tags);
    applied.put(transaction, all);
    size += known == null ? all.size() + 1 : all.size() - known.size();
    forgetOldest();
  }

  private void forgetOldest() {
    var oldest = applied.values().iterator();
    while (size > capacity && oldest.hasNext()) {
      size -= oldest.next().size() + 1;
      oldest.remove();
    }
  }

  /** Forgets all. */
  void forget() {
    applied.clear();
    size = 0;
  }
}
