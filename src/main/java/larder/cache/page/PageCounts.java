package larder.cache.page;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the requests for pages in this process since its start. Lookups, loads and entries
 * are counted by the caches that keep them. Thread-safe.
 */
public final class PageCounts {

  private final LongAdder sent = new LongAdder();
  private final LongAdder notModified = new LongAdder();
  private final Map<Bypass, LongAdder> bypasses = new EnumMap<>(Bypass.class);
  private final Map<NotKept, LongAdder> notKept = new EnumMap<>(NotKept.class);

  /** Counts of which nothing has happened yet. */
  public PageCounts() {
    for (Bypass reason : Bypass.values()) {
      bypasses.put(reason, new LongAdder());
    }
    for (NotKept reason : NotKept.values()) {
      notKept.put(reason, new LongAdder());
    }
  }

  /** A page was sent, or only its headers. */
  void sent(boolean whole) {
    (whole ? sent : notModified).increment();
  }

  void bypassed(Bypass reason) {
    of(bypasses, reason).increment();
  }

  void foundNotKept(NotKept reason) {
    of(notKept, reason).increment();
  }

  private static <K> LongAdder of(Map<K, LongAdder> counts, K reason) {
    return Objects.requireNonNull(counts.get(reason));
  }

  /** Returns how many pages were sent that are, or could be, kept. */
  public long sent() {
    return sent.sum();
  }

  /** Returns how often the browser's copy was found to be as the page is. */
  public long notModified() {
    return notModified.sum();
  }

  /** Returns how many requests were answered past the cache for this reason. */
  public long bypasses(Bypass reason) {
    return of(bypasses, reason).sum();
  }

  /** Returns how many pages were made and not kept for this reason. */
  public long notKept(NotKept reason) {
    return of(notKept, reason).sum();
  }
}
