package larder.cache.statistics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller waits for, as observations of Micrometer: each becomes a timer and a span, if
 * somebody makes those of observations, and else costs a look at a field.
 *
 * <p>They carry the name of the cache and never the key. What an observer throws is logged and goes
 * no further. Thread-safe.
 */
public final class Observations {

  /** A method brings a value; by cache. */
  public static final String LOAD = "larder.load";

  /** Redis is asked for an entry; by cache. */
  public static final String REMOTE_GET = "larder.remote.get";

  /** A record is appended to the log. */
  public static final String APPEND = "larder.log.append";

  /** Observes nothing. */
  public static final Observations NONE = new Observations(ObservationRegistry.NOOP);

  private static final Logger log = LoggerFactory.getLogger(Observations.class);

  private final ObservationRegistry registry;

  /**
   * @param registry makes the observations
   */
  public Observations(ObservationRegistry registry) {
    this.registry = registry;
  }

  /** What is observed. */
  @FunctionalInterface
  public interface Work<T, E extends Throwable> {

    /** Does the work. */
    @Nullable T run() throws E;
  }

  /**
   * Does some work and observes it.
   *
   * @param cache whose work it is; null if it is of no single cache
   */
  public <T, E extends Throwable> @Nullable T observe(
      String name, @Nullable String cache, Work<T, E> work) throws E {
    if (registry.isNoop()) {
      return work.run();
    }
    Observed observed = begin(name, cache);
    try {
      return work.run();
    } catch (Throwable e) {
      observed.failed(e);
      throw e;
    } finally {
      observed.end();
    }
  }

  private Observed begin(String name, @Nullable String cache) {
    Observed begun = new Observed();
    guarded(
        () -> {
          Observation observation = Observation.createNotStarted(name, registry);
          if (cache != null) {
            observation.lowCardinalityKeyValue("cache", cache);
          }
          begun.observation = observation.start();
          begun.scope = observation.openScope();
        });
    return begun;
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.debug("An observer threw", e);
    }
  }

  /** An observation under way, as far as its observers let it begin; of one thread. */
  private static final class Observed {

    private Observation observation = Observation.NOOP;
    private Observation.Scope scope = Observation.Scope.NOOP;

    void failed(Throwable failure) {
      guarded(() -> observation.error(failure));
    }

    void end() {
      guarded(scope::close);
      guarded(observation::stop);
    }
  }
}
