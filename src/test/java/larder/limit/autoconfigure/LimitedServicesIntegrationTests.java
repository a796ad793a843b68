package larder.limit.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import larder.dev.servers.TestServers;
import larder.limit.CallerSource;
import larder.limit.DecisionListener;
import larder.limit.InvalidLimitException;
import larder.limit.Limit;
import larder.limit.RateLimitExceededException;
import larder.limit.RateLimited;
import larder.limit.RateLimited.By;
import larder.limit.RateLimiter;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import larder.redis.autoconfigure.LarderRedissonAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.NestedExceptionUtils;

/** Annotated services of an application without web and without security. */
@ExtendWith(OutputCaptureExtension.class)
class LimitedServicesIntegrationTests {

  /** Who calls, as the tests say. */
  static final class SaidCaller implements CallerSource {

    private final AtomicReference<@Nullable String> user = new AtomicReference<>();
    private final AtomicReference<@Nullable String> network = new AtomicReference<>();

    @Override
    public @Nullable String user() {
      return user.get();
    }

    @Override
    public @Nullable String network() {
      return network.get();
    }
  }

  static class Mail {

    private int sent;

    public int sent() {
      return sent;
    }

    @RateLimited(
        name = "to",
        limit = 2,
        window = "1h",
        by = By.KEY,
        key = "#to.toLowerCase()",
        condition = "!#to.endsWith('@ours')")
    @RateLimited(name = "all", limit = 5, window = "1h", by = By.KEY, key = "'all'")
    public void send(String to) {
      sent++;
    }
  }

  static class Reports {
    @RateLimited(limit = 2, window = "1h")
    public String mine() {
      return "report";
    }
  }

  static class Hidden {
    @RateLimited(name = "hidden", limit = 2, window = "1h", by = By.KEY, key = "1")
    private void hidden() {}

    void call() {
      hidden();
    }
  }

  private static ApplicationContextRunner application() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                AopAutoConfiguration.class,
                DataRedisAutoConfiguration.class,
                LarderRedissonAutoConfiguration.class,
                RedissonAutoConfigurationV4.class,
                LarderRedisAutoConfiguration.class,
                LarderLimitAutoConfiguration.class))
        .withPropertyValues(
            "spring.data.redis.url=" + TestServers.redis().url(),
            "larder.remote.deadline=5s",
            "larder.remote.connect-wait=20s",
            "larder.application=limits-" + UUID.randomUUID());
  }

  @Test
  void aServiceIsLimitedByWhatItsKeysSay() {
    application()
        .withBean(Mail.class)
        .run(
            context -> {
              Mail mail = context.getBean(Mail.class);
              mail.send("ada@x");
              mail.send("ADA@x");
              assertThatThrownBy(() -> mail.send("Ada@x"))
                  .isInstanceOfSatisfying(
                      RateLimitExceededException.class,
                      refused ->
                          assertThat(refused.retryAfter())
                              .isBetween(Duration.ofMinutes(59), Duration.ofHours(1)))
                  .hasMessageContaining("Refused by the rate limit [to]")
                  .hasMessageNotContaining("ada");
              mail.send("eve@x");
              mail.send("bob@ours");
              mail.send("bob@ours");
              assertThatThrownBy(() -> mail.send("bob@ours")).hasMessageContaining("[all]");
              assertThat(mail.sent()).isEqualTo(5);
            });
  }

  @Test
  void byUserAndWhoIsNoUserByNetworkAndOutsideOfRequestsNotAtAll() {
    application()
        .withBean(Reports.class)
        .withBean(SaidCaller.class)
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              SaidCaller caller = context.getBean(SaidCaller.class);
              assertThat(context.getBean(RedisCalls.class).isAvailable()).isTrue();
              for (int i = 0; i < 5; i++) {
                assertThat(reports.mine()).isEqualTo("report");
              }
              caller.network.set("192.0.2.1");
              refusesTheThird(reports);
              caller.user.set("192.0.2.1");
              refusesTheThird(reports);
              caller.user.set("other");
              refusesTheThird(reports);
            });
  }

  private static void refusesTheThird(Reports reports) {
    reports.mine();
    reports.mine();
    assertThatThrownBy(reports::mine).isInstanceOf(RateLimitExceededException.class);
  }

  @Test
  void listenersHearOfEachDecision() {
    AtomicReference<@Nullable String> heard = new AtomicReference<>();
    application()
        .withBean(Mail.class)
        .withBean(
            DecisionListener.class, () -> decision -> heard.set(decision.standings().toString()))
        .run(
            context -> {
              context.getBean(Mail.class).send("ada@x");
              assertThat(heard.get()).contains("name=to", "name=all").doesNotContain("ada");
            });
  }

  @Test
  void settingsChangeALimitAndSwitchItOff(CapturedOutput output) {
    application()
        .withBean(Mail.class)
        .withBean("ours", Limit.class, () -> Limit.slidingWindow("own", 9, Duration.ofHours(1)))
        .withPropertyValues(
            "larder.limits.to.enabled=false",
            "larder.limits.all.limit=3",
            "larder.limits.own.when-away=allow",
            "larder.limits.nowhere.limit=3")
        .run(
            context -> {
              Mail mail = context.getBean(Mail.class);
              for (int i = 0; i < 3; i++) {
                mail.send("ada@x");
              }
              assertThatThrownBy(() -> mail.send("ada@x")).hasMessageContaining("[all]");
              RateLimiter limiter = context.getBean(RateLimiter.class);
              assertThat(limiter.ask("own", "x").allowed()).isTrue();
              assertThat(limiter.report())
                  .extracting(one -> one.limit().name() + " " + one.changed() + " " + one.refused())
                  .containsExactly("all true 1", "own true 0", "to true 0");
              assertThat(output)
                  .contains("larder.limits.nowhere speaks of a limit that nothing declares");
            });
  }

  @Test
  void whatCannotHoldStopsTheStart() {
    refusesToStart(
        application().withBean(Reports.class),
        "Reports.mine counts by user or address, and there is no web request to tell them");
    refusesToStart(
        application().withBean(Hidden.class),
        "Hidden.hidden has no effect: a proxy cannot stand before a private");
    refusesToStart(
        application().withBean(Mail.class).withPropertyValues("larder.limits.to.limit=0"),
        "limit of limit 'to' must be at least 1, was: 0");
    refusesToStart(
        application()
            .withBean(Mail.class)
            .withBean(Limit.class, () -> Limit.slidingWindow("to", 9, Duration.ofHours(1))),
        "Limit 'to' is said in two ways");
  }

  private static void refusesToStart(ApplicationContextRunner application, String why) {
    application.run(
        context ->
            assertThat(
                    NestedExceptionUtils.getMostSpecificCause(
                        Objects.requireNonNull(context.getStartupFailure())))
                .isInstanceOf(InvalidLimitException.class)
                .hasMessageContaining(why));
  }

  @Test
  void aMisspelledSettingStopsTheStart() {
    application()
        .withBean(Mail.class)
        .withPropertyValues("larder.limits.to.limt=3")
        .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("limt"));
  }
}
