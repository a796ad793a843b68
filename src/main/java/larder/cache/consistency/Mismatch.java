package larder.cache.consistency;

import java.time.Instant;
import larder.cache.log.Position;

/**
 * A value that a cache served for longer than the bound after its method said something else.
 *
 * @param cache the name of the cache
 * @param key the text of the key
 * @param served the position as of which the served value was read
 * @param loaded the position as of which its method was run last
 * @param at when it was found
 */
public record Mismatch(String cache, String key, Position served, Position loaded, Instant at) {

  boolean isOfSameEntry(Mismatch other) {
    return cache.equals(other.cache) && key.equals(other.key) && served.equals(other.served);
  }
}
