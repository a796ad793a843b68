package larder.cache.consistency;

import larder.cache.load.Probe;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/** A call of an annotated method that can be made again at any time, as by a caller of its own. */
interface SampledCall {

  /**
   * What a cache serves.
   *
   * @param entry the entry that it comes from
   * @param value what the caller gets
   */
  record Answer(Probe.Served entry, @Nullable Object value) {}

  /**
   * What the method says.
   *
   * @param asOf the position as of which it ran
   * @param value what it returned
   */
  record Loaded(Position asOf, @Nullable Object value) {}

  /** Returns what the caches serve for the call now; null if nothing. */
  @Nullable Answer serve() throws Throwable;

  /** Runs the method, as if nothing were cached, and keeps nothing. */
  Loaded load() throws Throwable;

  /** Takes note that one of these threw. */
  void failed();
}
