package larder.cache.load;

import larder.cache.log.node.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * What a load brought.
 *
 * @param value the value; null for "not found"
 * @param stamp the value's stamp
 * @param costNanos how long the load took
 * @param settled whether nothing is left to be done with it: it is in the caches already, or is for
 *     its caller alone
 * @param endsNanos when it ends at the latest, on the monotonic clock, since something that it was
 *     made of does; {@link #OPEN} if nothing bounds it so
 */
public record Loaded(
    @Nullable Object value, Stamp stamp, long costNanos, boolean settled, long endsNanos) {

  /** No instant. */
  public static final long OPEN = Long.MAX_VALUE;

  /** What a load brought that nothing which it was made of bounds. */
  public Loaded(@Nullable Object value, Stamp stamp, long costNanos, boolean settled) {
    this(value, stamp, costNanos, settled, OPEN);
  }

  /** Returns the same, of which nothing is left to be done. */
  Loaded asSettled() {
    return new Loaded(value, stamp, costNanos, /* settled= */ true, endsNanos);
  }
}
