package larder.cache.near;

import larder.cache.log.node.Stamp;
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
  private final long expiresNanos;

  /**
   * @param type the type that the value was encoded as
   * @param value the value; used only if the type is shareable
   * @param payload the encoded value; empty for "not found"
   * @param stamp what is needed to judge it
   * @param expiresNanos when it expires, on the monotonic clock
   */
  public NearEntry(
      ValueType type, @Nullable Object value, byte[] payload, Stamp stamp, long expiresNanos) {
    this.type = type;
    this.value = type.shareable() ? value : null;
    this.payload = payload;
    this.stamp = stamp;
    this.expiresNanos = expiresNanos;
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

  long expiresNanos() {
    return expiresNanos;
  }

  int weight() {
    return OVERHEAD
        + payload.length * (type.shareable() ? 3 : 1)
        + Long.BYTES * stamp.tags().size();
  }
}
