package larder.cache.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import larder.cache.load.KeyLocks.Lock;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

class RedisKeyLocksIntegrationTests {

  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final CompletableFuture<?> STORED = CompletableFuture.completedFuture(null);

  private static RedisServer redis;
  private static RedissonClient client;
  private static RedisCalls calls;
  private static RedisKeyLocks locks;

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    Config config = new Config();
    config.useSingleServer().setAddress(redis.url()).setConnectionMinimumIdleSize(1);
    client = Redisson.create(config);
    Duration patient = Duration.ofSeconds(5);
    calls = new RedisCalls(client, "locks:probe", patient, Duration.ofMillis(100), patient);
    calls.start();
    locks = new RedisKeyLocks(calls, LIFE);
  }

  @AfterAll
  static void disconnect() {
    calls.close();
    client.shutdown();
    redis.close();
  }

  @Test
  void aKeyHasOneOwner() {
    Lock lock = acquired("app:a:v1:1");
    assertThat(locks.tryAcquire("app:a:v1:1")).isNull();
    assertThat(new RedisKeyLocks(calls, LIFE).tryAcquire("app:a:v1:1")).isNull();
    assertThat(locks.tryAcquire("app:a:v1:2")).isNotNull();

    lock.releaseAfter(STORED);
    await().untilAsserted(() -> assertThat(locks.tryAcquire("app:a:v1:1")).isNotNull());
  }

  @Test
  void ofManyAtOnceOneIsTheOwner() {
    CountDownLatch ready = new CountDownLatch(16);
    List<CompletableFuture<@Nullable Lock>> tries =
        IntStream.range(0, 16)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          ready.countDown();
                          return locks.tryAcquire("app:many:v1:1");
                        },
                        task -> new Thread(task).start()))
            .toList();

    assertThat(tries.stream().map(CompletableFuture::join).filter(Objects::nonNull)).hasSize(1);
  }

  @Test
  void aLockIsGivenBackWhenTheValueIsStoredAndNotBefore() {
    CompletableFuture<?> storing = new CompletableFuture<>();
    acquired("app:slow:v1:1").releaseAfter(storing);
    assertThat(locks.tryAcquire("app:slow:v1:1")).isNull();

    storing.completeExceptionally(new IllegalStateException("not stored"));
    await().untilAsserted(() -> assertThat(locks.tryAcquire("app:slow:v1:1")).isNotNull());
  }

  @Test
  void aLockEndsByItself() {
    RedisKeyLocks brief = new RedisKeyLocks(calls, Duration.ofMillis(200));
    assertThat(brief.tryAcquire("app:brief:v1:1")).isNotNull();
    assertThat(Long.parseLong(redis.command("PTTL", "{app:brief:v1:1}:load"))).isBetween(-2L, 200L);

    await().untilAsserted(() -> assertThat(locks.tryAcquire("app:brief:v1:1")).isNotNull());
  }

  /** The first owner's lock has ended, and another has the key. */
  @Test
  void whoComesTooLateReleasesNothing() {
    Lock late = acquired("app:late:v1:1");
    redis.command("DEL", "{app:late:v1:1}:load");
    acquired("app:late:v1:1");
    String token = redis.command("GET", "{app:late:v1:1}:load");
    CompletableFuture<?> stored = new CompletableFuture<>();
    late.releaseAfter(stored);
    stored.complete(null);
    acquired("app:late:v1:2").releaseAfter(STORED);
    await().until(() -> redis.command("EXISTS", "{app:late:v1:2}:load").equals("0"));

    assertThat(redis.command("GET", "{app:late:v1:1}:load")).isEqualTo(token);
  }

  @Test
  void keysWithBracesHaveLocksOfTheirOwn() {
    for (String key : List.of("app:b:v1:{x}", "app:b:v1:{", "app:b:v1:}", "{app}:b", "{}", "")) {
      Lock lock = acquired(key);
      assertThat(locks.tryAcquire(key)).as(key).isNull();
      lock.releaseAfter(STORED);
      await().untilAsserted(() -> assertThat(locks.tryAcquire(key)).as(key).isNotNull());
    }
  }

  @Test
  void withoutAnAnswerEverybodyIsTheOwner() {
    try (RedisCalls closed =
        new RedisCalls(client, "locks:probe", LIFE, Duration.ofMillis(100), LIFE)) {
      RedisKeyLocks unanswered = new RedisKeyLocks(closed, LIFE);
      Lock first = Objects.requireNonNull(unanswered.tryAcquire("app:away:v1:1"));
      assertThat(unanswered.tryAcquire("app:away:v1:1")).isNotNull();
      first.releaseAfter(STORED);
    }
    assertThat(redis.command("EXISTS", "{app:away:v1:1}:load")).isEqualTo("0");
  }

  private static Lock acquired(String key) {
    return Objects.requireNonNull(locks.tryAcquire(key), "no lock");
  }
}
