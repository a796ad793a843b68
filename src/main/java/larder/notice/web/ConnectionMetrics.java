package larder.notice.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of the open pages that hear notices on this node. */
public final class ConnectionMetrics implements MeterBinder {

  private final NoticeConnections connections;

  public ConnectionMetrics(NoticeConnections connections) {
    this.connections = connections;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("larder.notices.connections", connections, NoticeConnections::open)
        .description("Open pages that hear notices")
        .register(registry);
    FunctionCounter.builder("larder.notices.refused", connections, NoticeConnections::refused)
        .description("Pages that were refused a connection, for there were too many")
        .register(registry);
  }
}
