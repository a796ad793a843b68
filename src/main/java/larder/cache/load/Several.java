package larder.cache.load;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import larder.cache.log.Tags;

/** What brings the values of several lookups that found nothing, and keeps them. */
public interface Several {

  /** Runs the method for these lookups, of which there is at least one. */
  Brought run(List<Missed> misses) throws Throwable;

  /** Whether it is remembered that a lookup has no value. */
  boolean remembersNotFound();

  /** Keeps loaded values in the caches. */
  void store(Map<Missed, Loaded> loaded);

  /**
   * What a run of the method brought.
   *
   * @param values the values; a lookup without one is answered "not found"
   * @param reads what the value of a lookup, or its absence, depends on
   */
  record Brought(Map<Missed, Object> values, Function<Missed, Tags> reads) {}
}
