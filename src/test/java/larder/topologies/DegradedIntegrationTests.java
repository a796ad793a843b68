package larder.topologies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.CachedCall.Source;
import larder.cache.log.Position;
import larder.dev.ShortWaits;
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
@ExtendWith(ShortWaits.class)
class DegradedIntegrationTests {

  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofMillis(60);
  private static final Duration SLOW = Duration.ofMillis(200);

  private static final Duration RECOVERY = Duration.ofSeconds(10);

  /** What is left of a failed Redis. */
  private enum Redis {
    SILENT,
    REFUSING
  }

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
    redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
    redis.command("REPLICAOF", "NO", "ONE");
    linkA.mend();
    linkB.mend();
  }

  @Test
  void redisHangs(CapturedOutput output) {
    outage(Redis.SILENT, redis::suspend, redis::resume);
    assertThat(output).contains("Redis does not answer").contains("cannot be proven current");
  }

  @Test
  void redisIsKilledAndComesBackEmpty(CapturedOutput output) {
    outage(Redis.SILENT, redis::kill, redis::start);
    assertThat(output).contains("Redis does not answer").contains("cannot be proven current");
  }

  @Test
  void redisIsSlow(CapturedOutput output) {
    outage(
        Redis.SILENT,
        () -> {
          linkA.delay(SLOW.toMillis());
          linkB.delay(SLOW.toMillis());
        },
        DegradedIntegrationTests::mend);
    assertThat(output).contains("Redis does not answer").contains("cannot be proven current");
  }

  @Test
  void connectionsAreCut(CapturedOutput output) {
    outage(
        Redis.SILENT,
        () -> {
          linkA.cut();
          linkB.cut();
        },
        DegradedIntegrationTests::mend);
    assertThat(output).contains("Redis does not answer").contains("cannot be proven current");
  }

  @Test
  void redisIsOutOfMemory(CapturedOutput output) {
    outage(
        Redis.REFUSING,
        () -> {
          redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
          redis.command("CONFIG", "SET", "maxmemory", "1000");
        },
        DegradedIntegrationTests::mend);
    assertThat(output).contains("cannot be proven current");
  }

  @Test
  void redisIsReadOnly(CapturedOutput output) {
    outage(
        Redis.REFUSING,
        () -> redis.command("REPLICAOF", "127.0.0.1", "1"),
        () -> redis.command("REPLICAOF", "NO", "ONE"));
    assertThat(output).contains("cannot be proven current");
  }

  @Test
  void redisRefusesWritesForWantOfReplicas(CapturedOutput output) {
    outage(
        Redis.REFUSING,
        () -> redis.command("CONFIG", "SET", "min-replicas-to-write", "1"),
        () -> redis.command("CONFIG", "SET", "min-replicas-to-write", "0"));
    assertThat(output).contains("cannot be proven current");
  }

  @Test
  void redisIsWiped() {
    warmUp();
    Position before = b.position();
    try (Watch watch = watch()) {
      long failed = System.nanoTime();
      a.change(changing);
      redis.command("FLUSHALL");
      changesAreSeenByTheirNode();
      await().atMost(RECOVERY).until(() -> b.position().epoch() > before.epoch());
      changesAreSeenByTheirNode();
      hitsAreBack();
      watchOn(watch, failed);
    }
  }

  /** What was written after the last copy on disk is lost: entries, records, and their numbers. */
  @Test
  void redisLosesTheTailOfTheLog() {
    warmUp();
    redis.command("SAVE");
    Position saved = b.position();
    try (Watch watch = watch()) {
      long failed = System.nanoTime();
      a.change(changing);
      await().atMost(RECOVERY).until(() -> isHit(b, changing));
      b.change(changing);
      redis.kill();
      redis.start();
      assertThat(redis.command("EXISTS", "shop:prices:v1:" + changing)).contains("1");
      await().atMost(RECOVERY).until(() -> b.position().epoch() > saved.epoch());
      hitsAreBack();
      watchOn(watch, failed);
    }
  }

  /** As before, and no node survives that saw what was lost: a new one starts on the old copy. */
  @Test
  void redisLosesTheTailOfTheLogAndNobodyRemembers() {
    warmUp();
    redis.command("SAVE");
    int version = a.change(changing);
    linkA.cut();
    linkB.cut();
    redis.kill();
    redis.start();
    try (Link link = new Link(redis.port());
        Node c = node("c", link)) {
      long started = System.nanoTime();
      while (System.nanoTime() - started < BOUND.toNanos()) {
        assertThat(c.read(changing).version()).isGreaterThanOrEqualTo(version);
      }
      await().atMost(RECOVERY).until(() -> c.isCurrent() && isHit(c, changing));
    }
  }

  /** The other node, which is current, cannot know of changes that were not told; after it can. */
  @Test
  void oneNodeIsCutOff() {
    warmUp();
    try (Watch watch = watch()) {
      long failed = System.nanoTime();
      linkA.cut();
      await().atMost(BOUND.multipliedBy(3)).until(() -> !a.isCurrent());
      assertThat(b.isCurrent()).isTrue();
      int told = b.change(changing);
      pause(BOUND);
      assertThat(a.read(changing).version()).isGreaterThanOrEqualTo(told);
      int untold = a.change(changing);
      assertThat(a.read(changing).version()).isGreaterThanOrEqualTo(untold);
      linkA.mend();
      hitsAreBack();
      long repaired = System.nanoTime();
      watchOn(watch, repaired);
      watch.nothingWasStalerThan(BOUND, failed, repaired, "a");
    }
  }

  @Test
  void anApplicationStartsWithoutRedis() {
    try (Link link = new Link(redis.port());
        Node c = startedWhileCut(link)) {
      changes(c);
      int before = PRICES.reads("c", steady);
      for (int i = 0; i < 100; i++) {
        c.read(steady);
      }
      assertThat(PRICES.reads("c", steady) - before).as("loads for 100 calls").isLessThan(5);
      link.mend();
      await().atMost(RECOVERY).until(c::isCurrent);
    }
  }

  private static Node startedWhileCut(Link link) {
    link.cut();
    return node("c", link);
  }

  /** The whole course of a failure that leaves both nodes unable to prove anything. */
  private void outage(Redis state, Runnable failure, Runnable repair) {
    warmUp();
    try (Watch watch = watch()) {
      failure.run();
      long failed = System.nanoTime();
      changesAreSeenByTheirNode();
      await().atMost(BOUND.multipliedBy(3)).until(() -> !a.isCurrent() && !b.isCurrent());
      changesAreSeenByTheirNode();
      callsAreAsFastAsTheMethodAndOwnLoadsAreKept(state);
      changesAreSeenByTheirNode();
      repair.run();
      hitsAreBack();
      watchOn(watch, failed);
    }
  }

  private Watch watch() {
    return Watch.over(PRICES, List.of(a, b), List.of(steady, changing));
  }

  /** Goes on until an old entry would have shown, and judges all that was seen. */
  private static void watchOn(Watch watch, long fromNanos) {
    pause(BOUND.plus(BOUND.dividedBy(4)));
    watch.stop();
    watch.everyCallWasAnswered();
    watch.nothingWasStalerThan(BOUND, fromNanos, System.nanoTime(), "a", "b");
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
    changes(a);
    changes(b);
  }

  private void changes(Node node) {
    int version = node.change(changing);
    assertThat(node.read(changing).version()).isGreaterThanOrEqualTo(version);
  }

  /**
   * None of the calls that miss asks a Redis that is known not to answer, and what the node loads
   * itself is kept for as long as the bound, though all callers ask for it.
   */
  private void callsAreAsFastAsTheMethodAndOwnLoadsAreKept(Redis state) {
    if (state == Redis.SILENT) {
      awaitFoundOut();
    }
    List<Long> millis = new ArrayList<>();
    int before = PRICES.reads("a", steady);
    long began = System.nanoTime();
    while (System.nanoTime() - began < BOUND.toNanos() * 5 / 4) {
      if (state == Redis.SILENT) {
        assertThat(a.asksRedis()).as("asks Redis").isFalse();
      }
      millis.add(a.read(test + "-cold-" + millis.size()).tookMillis());
    }
    assertThat(millis.stream().sorted().toList().get(millis.size() / 2))
        .as("median of " + millis + " ms")
        .isLessThan(DEADLINE.toMillis() / 2);
    assertThat(PRICES.reads("a", steady) - before).as("loads").isBetween(1, 3);
    assertThat(PRICES.mostReaders("a", steady)).as("loads at once").isEqualTo(1);
  }

  /**
   * The first answers that are late, few of them, are forgiven: after each Redis is asked again.
   */
  private void awaitFoundOut() {
    AtomicInteger asked = new AtomicInteger();
    await()
        .atMost(RECOVERY)
        .during(SLOW.multipliedBy(3))
        .until(
            () -> {
              a.read(test + "-finding-out-" + asked.incrementAndGet());
              return !a.asksRedis();
            });
  }

  private void hitsAreBack() {
    await().atMost(RECOVERY).until(() -> a.isCurrent() && b.isCurrent() && hitOnBothTiers());
  }

  private boolean hitOnBothTiers() {
    String fresh = test + "-fresh-" + System.nanoTime();
    a.read(fresh);
    return b.read(fresh).source() == Source.REMOTE && b.read(fresh).source() == Source.NEAR;
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
