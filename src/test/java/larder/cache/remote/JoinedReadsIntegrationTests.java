package larder.cache.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Many callers at once, against a Redis that answers, refuses, hangs and dies. */
@Timeout(60)
class JoinedReadsIntegrationTests {

  private static final int CALLERS = 16;
  private static final int KEYS = 200;
  private static final Duration DEADLINE = Duration.ofMillis(200);
  private static final Duration RECOVERY = Duration.ofSeconds(20);

  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS + 1);
  private RedisServer redis;
  private RedissonClient client;
  private RedisCalls calls;
  private RedisReads reads;
  private RemoteStore store;

  @BeforeEach
  void connect() {
    redis = TestServers.separateRedis();
    fill();
    Config config = new Config();
    config
        .useSingleServer()
        .setAddress(redis.url())
        .setConnectionMinimumIdleSize(2)
        .setConnectionPoolSize(8);
    client = Redisson.create(config);
    calls =
        new RedisCalls(
            client, "probe", DEADLINE, /* probeInterval= */ Duration.ofMillis(50), RECOVERY);
    calls.start();
    reads = new RedisReads(calls);
    store = new RemoteStore(calls, Observations.NONE, Timings.NO_OP);
  }

  @AfterEach
  void disconnect() {
    callers.shutdownNow();
    redis.resume();
    calls.close();
    client.shutdown();
    redis.close();
  }

  /** Every fourth key is missing, every eighth is no string, and every eighth is refused. */
  private void fill() {
    for (int i = 0; i < KEYS; i++) {
      switch (i % 4) {
        case 0 -> {}
        case 1 -> redis.command("HSET", key(i), "no", "string");
        default -> redis.command("SET", key(i), "value-" + i);
      }
    }
    redis.command("ACL", "SETUSER", "default", "resetkeys", "~key-*", "~probe");
  }

  private static String key(int i) {
    return (i % 8 == 5 ? "refused-" : "key-") + i;
  }

  private static boolean fits(int i, byte @Nullable [] bytes) {
    return i % 4 < 2
        ? bytes == null
        : bytes != null && new String(bytes, UTF_8).equals("value-" + i);
  }

  /** Calls in all threads until the condition holds; returns the first wrong answers. */
  private List<String> callUntil(Predicate<Integer> isRight, Predicate<Integer> isOver)
      throws Exception {
    AtomicInteger count = new AtomicInteger();
    List<Future<String>> ends = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      ends.add(callers.submit(() -> callUntil(count, isRight, isOver)));
    }
    List<String> wrong = new ArrayList<>();
    for (Future<String> end : ends) {
      wrong.add(end.get());
    }
    wrong.removeIf(String::isEmpty);
    return wrong;
  }

  private static String callUntil(
      AtomicInteger count, Predicate<Integer> isRight, Predicate<Integer> isOver) {
    for (int i = count.getAndIncrement(); !isOver.test(i); i = count.getAndIncrement()) {
      if (!isRight.test(i % KEYS)) {
        return key(i % KEYS);
      }
    }
    return "";
  }

  private byte @Nullable [] read(int i) {
    try {
      return reads.read(key(i)).get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasMessageMatching("(?s).*(WRONGTYPE|NOPERM).*");
      return null;
    } catch (Exception e) {
      throw new IllegalStateException(key(i), e);
    }
  }

  @Test
  void eachCallerGetsTheBytesOfItsKeyAndManyShareAFlight() throws Exception {
    assertThat(callUntil(i -> fits(i, read(i)), i -> i >= 20_000)).isEmpty();
    assertThat(reads.flights()).isLessThan(20_000 * 3 / 4);
    assertThat(reads.sent()).isEqualTo(20_000);
  }

  @Test
  void aRefusalOfOneKeyIsNoSilence() throws Exception {
    assertThat(
            callUntil(
                i -> fits(i, store.get("cache", EntryAddress.ofKey(key(i)))), i -> i >= 2_000))
        .isEmpty();
    assertThat(calls.isAvailable()).isTrue();
  }

  @Test
  void redisHangsInTheMiddle() throws Exception {
    goesAwayInTheMiddle(redis::suspend, redis::resume);
  }

  @Test
  void redisIsKilledInTheMiddle() throws Exception {
    goesAwayInTheMiddle(
        redis::kill,
        () -> {
          redis.start();
          fill();
        });
  }

  /** Callers are answered rightly or not at all, in time, and rightly as soon as Redis is back. */
  private void goesAwayInTheMiddle(Runnable failure, Runnable repair) throws Exception {
    AtomicLong longest = new AtomicLong();
    AtomicInteger right = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Future<List<String>> wrong =
        callers.submit(() -> callUntil(i -> isRightOrNothing(i, right, longest), i -> over.get()));
    await().until(() -> right.get() > 2_000);
    failure.run();
    await().atMost(RECOVERY).until(() -> !calls.isAvailable());
    repair.run();
    await().atMost(RECOVERY).until(calls::isAvailable);
    int before = right.get();
    await().atMost(RECOVERY).until(() -> right.get() > before + 2_000);
    over.set(true);
    assertThat(wrong.get()).isEmpty();
    assertThat(Duration.ofNanos(longest.get()))
        .as("longest wait, where the client itself would give up after a second")
        .isLessThan(RedisCalls.GIVEN_UP);
    for (int i : IntStream.range(0, KEYS).toArray()) {
      assertThat(fits(i, read(i))).as(key(i)).isTrue();
    }
  }

  private boolean isRightOrNothing(int i, AtomicInteger right, AtomicLong longest) {
    long began = System.nanoTime();
    byte[] bytes = store.get("cache", EntryAddress.ofKey(key(i)));
    longest.accumulateAndGet(System.nanoTime() - began, Math::max);
    if (bytes != null) {
      right.incrementAndGet();
    }
    return bytes == null || fits(i, bytes);
  }
}
