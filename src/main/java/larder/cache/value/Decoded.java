package larder.cache.value;

import org.jspecify.annotations.Nullable;

/**
 * A value that was read back.
 *
 * @param value the value; null for "not found"
 */
public record Decoded(@Nullable Object value) {}
