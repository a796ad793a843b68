package larder.cache.manager;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import larder.cache.log.Tags;

/**
 * Brings the values of several keys of a cache in one go.
 *
 * @param <K> the keys
 */
public interface BulkLoader<K> {

  /**
   * Brings the values of keys, of which there is at least one.
   *
   * @throws Throwable what goes wrong, for the caller
   */
  Loads<K> load(List<K> keys) throws Throwable;

  /** Whether it is remembered that a key has no value. */
  boolean remembersNotFound();

  /**
   * What was loaded.
   *
   * @param values the values by key; what was not asked for is passed over, and a key without a
   *     value, or with null, is not found
   * @param reads what the value of a key, or its absence, depends on
   */
  record Loads<K>(Map<?, ?> values, Function<K, Tags> reads) {}
}
