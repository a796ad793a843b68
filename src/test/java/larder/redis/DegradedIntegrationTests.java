package larder.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import larder.cache.CachedCall.Source;
import larder.dev.servers.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Two nodes go through each way in which Redis fails: every call is answered, in good time and
 * within the bound, and afterwards all is as before.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class DegradedIntegrationTests {

  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofMillis(60);

  /** What a busy machine may add to a call that waits for nothing. */
  private static final Duration NOISE = Duration.ofMillis(150);

  private static final Duration RECOVERY = Duration.ofSeconds(10);

  private static final Prices PRICES = new Prices();
  private static RedisProcess redis;
  private static Link linkA;
  private static Link linkB;
  private static Node a;
  private static Node b;

  private String steady = "";
  private String changing = "";
  private String test = "";

  @BeforeAll
  static void start() {
    redis = RedisProcess.start(new Programs(Programs.SHARED_FOLDER, System.out::println).redis());
    linkA = new Link(redis.port());
    linkB = new Link(redis.port());
    a = node("a", linkA);
    b = node("b", linkB);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable one : new AutoCloseable[] {a, b, linkA, linkB, redis}) {
      if (one != null) {
        one.close();
      }
    }
  }

  @BeforeEach
  void beginWell(TestInfo info) {
    test = info.getTestMethod().orElseThrow().getName();
    steady = test + "-steady";
    changing = test + "-changing";
    mend();
    await().atMost(RECOVERY).until(() -> a.isCurrent() && b.isCurrent());
  }

  private static Node node(String name, Link link) {
    return Node.start(
        name,
        PRICES,
        Map.of(
            "spring.data.redis.host",
            "127.0.0.1",
            "spring.data.redis.port",
            link.port(),
            "larder.max-staleness",
            BOUND.toMillis() + "ms",
            "larder.remote.deadline",
            DEADLINE.toMillis() + "ms"));
  }

  private static void mend() {
    redis.resume();
    redis.start();
    redis.command("CONFIG", "SET", "maxmemory", "0");
    redis.command("REPLICAOF", "NO", "ONE");
    linkA.mend();
    linkB.mend();
  }

  @Test
  void redisHangs(CapturedOutput output) {
    outage(redis::suspend, redis::resume);
    assertThat(output).contains("Redis does not answer");
  }

  @Test
  void redisIsKilledAndComesBackEmpty(CapturedOutput output) {
    outage(redis::kill, redis::start);
    assertThat(output).contains("Redis does not answer");
  }

  @Test
  void redisIsSlow(CapturedOutput output) {
    outage(
        () -> {
          linkA.delay(200);
          linkB.delay(200);
        },
        DegradedIntegrationTests::mend);
    assertThat(output).contains("Redis does not answer");
  }

  @Test
  void connectionsAreCut() {
    outage(
        () -> {
          linkA.cut();
          linkB.cut();
        },
        DegradedIntegrationTests::mend);
  }

  @Test
  void redisIsOutOfMemory() {
    outage(
        () -> {
          redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
          redis.command("CONFIG", "SET", "maxmemory", "1000");
        },
        () -> redis.command("CONFIG", "SET", "maxmemory", "0"));
  }

  @Test
  void redisIsReadOnly() {
    outage(
        () -> redis.command("REPLICAOF", "127.0.0.1", "1"),
        () -> redis.command("REPLICAOF", "NO", "ONE"));
  }

  /** The whole course of a failure that leaves both nodes unable to prove anything. */
  private void outage(Runnable failure, Runnable repair) {
    warmUp();
    try (Watch watch = Watch.over(PRICES, List.of(a, b), List.of(steady, changing))) {
      failure.run();
      long failed = System.nanoTime();
      changesAreSeenByTheirNode();
      await().atMost(BOUND.multipliedBy(3)).until(() -> !a.isCurrent() && !b.isCurrent());
      changesAreSeenByTheirNode();
      callsAreAsFastAsTheMethod();
      ownLoadsAreKept();
      changesAreSeenByTheirNode();
      long repaired = System.nanoTime();
      repair.run();
      hitsAreBack();
      System.out.println("RECOVERED " + test + " " + (System.nanoTime() - repaired) / 1000000);
      pause(BOUND.plus(BOUND.dividedBy(2)));
      watch.close();
      report(watch, failed, repaired);
      watch.everyCallWasAnswered();
      watch.nothingWasStalerThan(BOUND, failed, repaired);
      watch.nothingWasStalerThan(BOUND, repaired, System.nanoTime());
    }
  }

  private void report(Watch watch, long failed, long repaired) {
    for (String node : List.of("a", "b")) {
      for (long[] span : new long[][] {{failed, repaired}, {repaired, System.nanoTime()}}) {
        List<Watch.Seen> seen =
            watch.between(span[0], span[1]).stream().filter(s -> s.node().equals(node)).toList();
        System.out.println(
            "STALE %s %s %s max %d late %s"
                .formatted(
                    test,
                    node,
                    span[0] == failed ? "during" : "after",
                    seen.stream().mapToLong(Watch.Seen::staleMillis).max().orElse(-1),
                    seen.stream()
                        .filter(s -> s.staleMillis() > BOUND.toMillis())
                        .mapToLong(s -> (s.answer().calledNanos() - span[0]) / 1000000)
                        .summaryStatistics()));
        System.out.println(
            "SLOW %s %s %s"
                .formatted(
                    test,
                    node,
                    seen.stream()
                        .filter(s -> s.answer().tookMillis() > 30)
                        .map(
                            s ->
                                (s.answer().calledNanos() - span[0]) / 1000000
                                    + ":"
                                    + s.answer().tookMillis())
                        .toList()));
      }
    }
  }

  private void warmUp() {
    for (String item : List.of(steady, changing)) {
      a.change(item);
      await().atMost(RECOVERY).until(() -> isHit(a, item) && isHit(b, item));
    }
  }

  private static boolean isHit(Node node, String item) {
    Node.Answer answer = node.read(item);
    return answer.source() != Source.LOADED && answer.version() == PRICES.version(item);
  }

  private void changesAreSeenByTheirNode() {
    for (Node node : List.of(a, b)) {
      int version = node.change(changing);
      assertThat(node.read(changing).version()).isGreaterThanOrEqualTo(version);
    }
  }

  private void callsAreAsFastAsTheMethod() {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      millis.add(a.read(test + "-cold-" + i).tookMillis());
    }
    System.out.println("COLD " + test + " " + millis);
    assertThat(millis.stream().sorted().toList().get(25)).isLessThan(DEADLINE.toMillis() / 2);
  }

  private void ownLoadsAreKept() {
    Duration time = BOUND.plus(BOUND.dividedBy(2));
    int before = PRICES.reads("a", steady);
    pause(time);
    assertThat(PRICES.reads("a", steady) - before).as("loads in " + time).isBetween(1, 4);
    assertThat(PRICES.mostReaders("a", steady)).isEqualTo(1);
  }

  private void hitsAreBack() {
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              String fresh = test + "-fresh-" + System.nanoTime();
              a.read(fresh);
              return b.read(fresh).source() == Source.REMOTE
                  && b.read(fresh).source() == Source.NEAR;
            });
    assertThat(a.isCurrent()).isTrue();
    assertThat(b.isCurrent()).isTrue();
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
