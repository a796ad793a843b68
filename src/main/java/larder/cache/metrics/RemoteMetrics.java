package larder.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import larder.cache.remote.RemoteStore;

/** The meters of how reads travel to Redis: reads by flights is how many share one. */
public final class RemoteMetrics implements MeterBinder {

  private final RemoteStore remote;

  public RemoteMetrics(RemoteStore remote) {
    this.remote = remote;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("larder.remote.flights", remote, RemoteStore::flights)
        .description("Times that reads of single entries were sent to Redis, alone or together")
        .register(registry);
    FunctionCounter.builder("larder.remote.reads", remote, RemoteStore::readsSent)
        .description("Reads of single entries that were sent to Redis")
        .register(registry);
  }
}
