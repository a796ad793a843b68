package larder.cache.near;

import larder.cache.key.RecentKey;
import larder.cache.log.node.Stamp;
import larder.cache.statistics.CacheStatistics;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * A value that this process holds: itself, if no caller can change it, else as bytes, from which
 * each caller gets a copy.
 */
public final class NearEntry {

  /** What an entry weighs besides its payload, in bytes; an estimate. */
  private static final int OVERHEAD = 256;

  private final ValueType type;
  private final @Nullable Object value;
  private final byte[] payload;
  private final Stamp stamp;
  private final Life life;
  private final CacheStatistics statistics;
  private volatile @Nullable RecentKey<NearEntry> shortcut;
  private volatile boolean gone;

  /**
   * @param type the type that the value was encoded as
   * @param value the value; used only if the type is shareable
   * @param payload the encoded value; empty for "not found"
   * @param stamp what is needed to judge it
   * @param life how long it lives
   * @param statistics the counts of its cache
   */
  public NearEntry(
      ValueType type,
      @Nullable Object value,
      byte[] payload,
      Stamp stamp,
      Life life,
      CacheStatistics statistics) {
    this.type = type;
    this.value = type.shareable() ? value : null;
    this.payload = payload;
    this.stamp = stamp;
    this.life = life;
    this.statistics = statistics;
  }

  /**
   * How long an entry lives, on the monotonic clock.
   *
   * @param renewedNanos when its time to live began
   * @param expiresNanos when it expires, unless it is renewed
   * @param endsNanos when it expires in any case
   * @param keptNanos until when it is kept, to be served if its load fails
   * @param costNanos how long its load took
   */
  public record Life(
      long renewedNanos, long expiresNanos, long endsNanos, long keptNanos, long costNanos) {}

  /** Returns the same entry with another life. */
  public NearEntry living(Life other) {
    return new NearEntry(type, value, payload, stamp, other, statistics);
  }

  /** Returns how long it lives. */
  public Life life() {
    return life;
  }

  /** Returns the type that the value was encoded as. */
  public ValueType type() {
    return type;
  }

  /** Returns the value itself; null for "not found" and if callers need copies. */
  public @Nullable Object value() {
    return value;
  }

  /** Returns the encoded value, not copied; empty for "not found". */
  public byte[] payload() {
    return payload;
  }

  /** Returns what is needed to judge the value. */
  public Stamp stamp() {
    return stamp;
  }

  /** Whether it was removed, replaced or evicted. */
  boolean isGone() {
    return gone;
  }

  /** Has a key lead here until this is gone, in place of the one that did. */
  void lead(RecentKey<NearEntry> key) {
    RecentKey<NearEntry> before = shortcut;
    if (before != null && before != key) {
      before.release(this);
    }
    shortcut = key;
    key.hold(this);
    if (gone) {
      key.release(this);
    }
  }

  /** Takes note that this was removed, replaced or evicted: no key leads here any more. */
  void isNoMore() {
    gone = true;
    RecentKey<NearEntry> key = shortcut;
    if (key != null) {
      key.release(this);
    }
  }

  CacheStatistics statistics() {
    return statistics;
  }

  /** Returns what it takes in memory, in bytes as estimated; without its key. */
  public int weight() {
    return OVERHEAD
        + payload.length * (type.shareable() ? 3 : 1)
        + Long.BYTES * stamp.tags().size();
  }
}
