package larder.notice;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The meters of notices on this node. */
public final class NoticeMetrics implements MeterBinder {

  private final Notices notices;

  public NoticeMetrics(Notices notices) {
    this.notices = notices;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    count(registry, "published", NoticeCounts::published, "Notices of this node in the stream");
    count(registry, "lost", NoticeCounts::lost, "Notices that Redis did not confirm in time");
    count(registry, "announced", NoticeCounts::announced, "Notices heard by publish/subscribe");
    count(registry, "caught.up", NoticeCounts::caughtUp, "Notices found by reading the stream");
    count(registry, "delivered", NoticeCounts::delivered, "Notices taken, once for each listener");
    count(registry, "resets", NoticeCounts::resets, "Listeners told that notices may be missing");
    Gauge.builder("larder.notices.listening", notices, n -> n.isListening() ? 1 : 0)
        .description("1 while announcements are heard; while 0, notices come by reading alone")
        .register(registry);
  }

  private void count(
      MeterRegistry registry, String name, ToDoubleFunction<NoticeCounts> value, String what) {
    FunctionCounter.builder("larder.notices." + name, notices.counts(), value)
        .description(what)
        .register(registry);
  }
}
