package larder.cache.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import larder.cache.load.Call;
import larder.cache.log.TagNames;
import larder.cache.tracking.DatabaseReads;
import larder.cache.tracking.ReadTracking;
import larder.cache.tracking.Reads;
import larder.cache.tracking.SeenReads;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.Cacheable;

/** What tracking remembers of each method. */
class MethodTrackingTests {

  static class Sales {
    @Cacheable("sales")
    public String sum(Consumer<Reads> reading) {
      reading.accept(Objects.requireNonNull(Reads.current()));
      return "sum";
    }
  }

  private final MethodTracking tracking =
      new MethodTracking(
          new ReadTracking(100, DatabaseReads.UNSEEN, table -> true),
          new AnnotationCacheOperationSource(false),
          cache -> true,
          new SeenReads(new TagNames()));
  private final Sales sales = proxied(new Sales());

  private Sales proxied(Sales target) {
    MethodInterceptor tracked =
        invocation -> {
          Call call = Call.begin(null);
          Reads reads = Objects.requireNonNull(tracking.begin(invocation));
          Reads.Span span = reads.resume();
          try {
            return invocation.proceed();
          } finally {
            span.close();
            tracking.conclude(invocation, call, reads);
            call.end();
          }
        };
    ProxyFactory factory = new ProxyFactory(target);
    factory.setProxyTargetClass(true);
    factory.addAdvice(tracked);
    return (Sales) factory.getProxy();
  }

  @Test
  void tellsWhatTheLastLoadReadUnseen() {
    sales.sum(reads -> reads.unknown("select * from totals()"));
    assertThat(tracking.unseen())
        .singleElement()
        .satisfies(
            unseen -> {
              assertThat(unseen.method()).isEqualTo("Sales.sum");
              assertThat(unseen.caches()).containsExactly("sales");
              assertThat(unseen.unknown()).isEqualTo(Set.of("select * from totals()"));
              assertThat(unseen.remedy()).contains("larder.caches.sales.tracking=off");
            });
    sales.sum(reads -> reads.table("totals"));
    assertThat(tracking.unseen()).isEmpty();
  }

  @Test
  void tellsWhetherAnyLoadHasReadWhatIsTracked() {
    sales.sum(reads -> {});
    assertThat(tracking.dependsOnData("sales")).isFalse();
    sales.sum(reads -> reads.row("totals", "1"));
    sales.sum(reads -> {});
    assertThat(tracking.dependsOnData("sales")).isTrue();
    assertThat(tracking.dependsOnData("others")).isFalse();
  }
}
