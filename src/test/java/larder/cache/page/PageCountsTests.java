package larder.cache.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import larder.cache.metrics.PageMetrics;
import org.junit.jupiter.api.Test;

class PageCountsTests {

  private final PageCounts counts = new PageCounts();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void whatBecomesOfRequestsIsToldByReason() {
    new PageMetrics(counts).bindTo(registry);
    counts.sent(/* whole= */ true);
    counts.sent(/* whole= */ false);
    counts.sent(/* whole= */ false);
    counts.bypassed(Bypass.SIGNED_IN);
    counts.foundNotKept(NotKept.CACHE_CONTROL);

    assertThat(count("larder.pages.sent", "body", "sent")).isEqualTo(1);
    assertThat(count("larder.pages.sent", "body", "not_modified")).isEqualTo(2);
    assertThat(count("larder.pages.bypassed", "reason", "signed-in")).isEqualTo(1);
    assertThat(count("larder.pages.bypassed", "reason", "flash")).isZero();
    assertThat(count("larder.pages.not.kept", "reason", "cache-control")).isEqualTo(1);
  }

  private double count(String name, String tag, String value) {
    return registry.get(name).tag(tag, value).functionCounter().count();
  }
}
