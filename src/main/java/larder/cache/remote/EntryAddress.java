package larder.cache.remote;

import org.jspecify.annotations.Nullable;

/**
 * Where an entry stands in Redis: under a key of its own, or in a field of a hash.
 *
 * @param key the key of the entry, or of the hash
 * @param field the field; null if the entry has the key to itself
 */
public record EntryAddress(String key, @Nullable String field) {

  /** Returns the address of an entry under a key of its own. */
  public static EntryAddress ofKey(String key) {
    return new EntryAddress(key, null);
  }

  /** Returns the address of an entry in a field of a hash. */
  public static EntryAddress ofField(String hash, String field) {
    return new EntryAddress(hash, field);
  }
}
