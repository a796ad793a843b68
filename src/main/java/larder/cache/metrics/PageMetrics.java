package larder.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import larder.cache.page.Bypass;
import larder.cache.page.NotKept;
import larder.cache.page.PageCounts;

/** The meters of kept pages, beside those of the caches that keep them. */
public final class PageMetrics implements MeterBinder {

  private final PageCounts counts;

  public PageMetrics(PageCounts counts) {
    this.counts = counts;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    String sent = "Pages sent to guests, and those that their browsers had already";
    counter("larder.pages.sent", sent, "body", "sent", PageCounts::sent, registry);
    counter("larder.pages.sent", sent, "body", "not_modified", PageCounts::notModified, registry);
    for (Bypass reason : Bypass.values()) {
      counter(
          "larder.pages.bypassed",
          "Requests for pages that were answered past the cache",
          "reason",
          reason.word(),
          all -> all.bypasses(reason),
          registry);
    }
    for (NotKept reason : NotKept.values()) {
      counter(
          "larder.pages.not.kept",
          "Pages that were made and are for the one who asked only",
          "reason",
          reason.word(),
          all -> all.notKept(reason),
          registry);
    }
  }

  private void counter(
      String name,
      String about,
      String tag,
      String value,
      ToDoubleFunction<PageCounts> count,
      MeterRegistry registry) {
    FunctionCounter.builder(name, counts, count)
        .description(about)
        .tag(tag, value)
        .register(registry);
  }
}
