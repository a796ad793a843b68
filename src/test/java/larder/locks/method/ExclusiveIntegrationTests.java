package larder.locks.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import larder.dev.servers.TestServers;
import larder.locks.Exclusive;
import larder.locks.Exclusive.Otherwise;
import larder.locks.ExclusiveUnavailable;
import larder.locks.FenceEpochs;
import larder.locks.FencingToken;
import larder.locks.LockMetrics;
import larder.locks.Locks;
import larder.locks.autoconfigure.LarderLocksAutoConfiguration;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import larder.redis.autoconfigure.LarderRedissonAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.util.AopTestUtils;

/** Annotated methods of two small applications that share a Redis. */
class ExclusiveIntegrationTests {

  private static final String APPLICATION = "exclusive-" + UUID.randomUUID();

  private final List<ConfigurableApplicationContext> started = new ArrayList<>();

  private ConfigurableApplicationContext start(Class<?>... more) {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Application.class)
            .sources(more)
            .web(WebApplicationType.NONE)
            .properties(
                Map.of(
                    "spring.config.location", "optional:classpath:/none/",
                    "spring.main.banner-mode", "off",
                    "spring.application.name", APPLICATION,
                    "larder.locks.lease", "60s",
                    "larder.remote.deadline", "5s",
                    "spring.data.redis.url", TestServers.redis().url()))
            .run();
    started.add(context);
    return context;
  }

  @AfterEach
  void stop() {
    started.forEach(ConfigurableApplicationContext::close);
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataRedisAutoConfiguration.class,
    RedissonAutoConfigurationV4.class,
    LarderRedissonAutoConfiguration.class,
    LarderRedisAutoConfiguration.class,
    LarderLocksAutoConfiguration.class
  })
  @Import(Work.class)
  static class Application {

    /** Asked once, since the name of the application is new. */
    @Bean
    FenceEpochs epochs() {
      return () -> new FenceEpochs.Epoch(1, /* first= */ true);
    }
  }

  /** What is exclusive here. */
  static class Work {

    final AtomicInteger ran = new AtomicInteger();
    volatile CountDownLatch begun = new CountDownLatch(1);
    volatile CountDownLatch goOn = new CountDownLatch(0);

    @Exclusive(name = "work")
    void run(@Nullable FencingToken token, List<FencingToken> tokens) {
      tokens.add(token);
      ran.incrementAndGet();
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Exclusive(name = "work", otherwise = Otherwise.THROW)
    int count() {
      return ran.incrementAndGet();
    }

    @Exclusive(name = "work")
    Optional<Integer> find() {
      return Optional.of(ran.incrementAndGet());
    }

    @Exclusive(key = "#id", otherwise = Otherwise.THROW)
    String of(String id, Runnable inside) {
      inside.run();
      return id;
    }

    @Exclusive
    void fail() {
      throw new IllegalStateException("own");
    }
  }

  @Test
  void oneNodeRunsAndOthersAreSkipped() {
    var a = start();
    Work first = a.getBean(Work.class);
    Work second = start().getBean(Work.class);
    List<FencingToken> tokens = new ArrayList<>();
    CountDownLatch goOn = new CountDownLatch(1);
    latches(first, new CountDownLatch(1), goOn);
    CompletableFuture<Void> running = CompletableFuture.runAsync(() -> first.run(null, tokens));
    begun(first);

    second.run(null, tokens);
    assertThat(second.find()).isEmpty();
    assertThatThrownBy(second::count)
        .isInstanceOf(ExclusiveUnavailable.class)
        .hasMessage("Lock 'work' was not to be had: another holds it");
    assertThat(first.of("1", () -> second.of("2", () -> {}))).isEqualTo("1");
    assertThatThrownBy(() -> first.of("1", () -> second.of("1", () -> {})))
        .isInstanceOf(ExclusiveUnavailable.class);
    assertThatThrownBy(() -> first.of("", () -> {})).hasMessageContaining("#id has no value");
    goOn.countDown();
    running.join();

    assertThat(second.find()).isPresent();
    FencingToken own = new FencingToken("own", 7);
    second.run(own, tokens);
    assertThat(tokens).hasSize(2);
    assertThat(tokens.get(0).number()).isPositive();
    assertThat(tokens.get(1)).isSameAs(own);
    assertThatThrownBy(second::fail).isInstanceOf(IllegalStateException.class).hasMessage("own");
    assertThatThrownBy(second::fail).hasMessage("own");
    hasFigures(a.getBean(Locks.class));
  }

  private static void hasFigures(Locks locks) {
    var meters = new SimpleMeterRegistry();
    new LockMetrics(locks).bindTo(meters);
    locks.figures("later");
    assertThat(meters.get("larder.locks.taken").tag("lock", "work").functionCounter().count())
        .isPositive();
    assertThat(meters.get("larder.locks.held").tag("lock", "Work.fail").gauge().value()).isZero();
    assertThat(meters.get("larder.locks.lost").tag("lock", "later").functionCounter().count())
        .isZero();
  }

  private static void latches(Work work, CountDownLatch begun, CountDownLatch goOn) {
    Work target = AopTestUtils.getTargetObject(work);
    target.begun = begun;
    target.goOn = goOn;
  }

  private static void begun(Work work) {
    Work target = AopTestUtils.getTargetObject(work);
    try {
      target.begun.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Wrong.Bean.class)
  static class Wrong {
    static class Bean {
      @Exclusive
      int run() {
        return 1;
      }
    }
  }

  @Test
  void aWrongAnnotationStopsTheStart() {
    assertThatThrownBy(() -> start(Wrong.class))
        .rootCause()
        .isInstanceOf(InvalidExclusiveException.class)
        .hasMessageContaining("Bean.run cannot skip a call that returns int");
  }
}
