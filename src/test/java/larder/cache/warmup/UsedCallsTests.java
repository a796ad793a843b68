package larder.cache.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;

class UsedCallsTests {

  interface Service {
    default void find(long id) {}

    default void text(String text) {}

    default void list(List<String> texts) {}
  }

  private static final int ONE_IN = 10;

  private final UsedCalls used = new UsedCalls(1_000, ONE_IN);

  private Service service(boolean loaded) {
    ProxyFactory factory = new ProxyFactory(new Service() {});
    factory.addAdvice(
        (org.aopalliance.intercept.MethodInterceptor)
            invocation -> {
              Object result = invocation.proceed();
              used.answered(invocation, loaded);
              return result;
            });
    return (Service) factory.getProxy();
  }

  private Map<String, Double> counts() {
    used.endSpan(1);
    Map<String, Double> all = new TreeMap<>();
    used.forEach(
        method -> all.putAll(method.uses().hottest(args -> method.method().getName() + args)));
    return all;
  }

  @Test
  void everyLoadCountsOnce() {
    service(true).find(1);
    service(true).find(1);
    service(true).find(2);

    assertThat(counts()).containsOnly(Map.entry("find[1]", 2.0), Map.entry("find[2]", 1.0));
  }

  @Test
  void ofTheHitsSomeStandForAll() {
    Service hits = service(false);
    for (int i = 0; i < 10_000; i++) {
      hits.find(1);
    }
    assertThat(counts().get("find[1]")).isBetween(5_000.0, 20_000.0);
  }

  @Test
  void methodsOfOtherThanSingleValuesAreLeftOut() {
    service(true).list(List.of("a"));
    assertThat(counts()).isEmpty();
  }

  @Test
  void longTextsAreLeftOut() {
    service(true).text("x".repeat(201));
    service(true).text("x");
    assertThat(counts()).containsOnlyKeys("text[x]");
  }

  @Test
  void whatWarmingAsksForIsNoUse() throws Exception {
    int[] loads = new int[2];
    WarmingThread thread =
        new WarmingThread(
            () -> {
              service(true).find(1);
              service(true).find(2);
              loads[0] = WarmingThread.takeLoads();
              loads[1] = WarmingThread.takeLoads();
            },
            1);
    thread.start();
    thread.join();

    assertThat(counts()).isEmpty();
    assertThat(loads).containsExactly(2, 0);
  }
}
