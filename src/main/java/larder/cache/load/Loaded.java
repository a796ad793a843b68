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
 */
public record Loaded(@Nullable Object value, Stamp stamp, long costNanos, boolean settled) {}
