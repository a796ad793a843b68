package larder.session.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import larder.session.SessionEvent;
import larder.session.SessionStatistics;

/** The meters of sessions in this process. */
public final class SessionMetrics implements MeterBinder {

  private final SessionStatistics statistics;

  public SessionMetrics(SessionStatistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (SessionEvent event : SessionEvent.values()) {
      FunctionCounter.builder(
              "larder.sessions." + event.what(), statistics, counts -> counts.count(event))
          .tag("result", event.result())
          .description("What happened to web sessions")
          .register(registry);
    }
  }
}
