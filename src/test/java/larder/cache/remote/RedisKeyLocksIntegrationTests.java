package larder.cache.remote;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import larder.cache.load.KeyLocks.Claim;
import larder.cache.load.KeyLocks.Lock;
import larder.cache.load.KeyLocks.State;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.remote.RedisKeyLocks.Held;
import larder.cache.remote.RemoteStore.Write;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import larder.cache.value.EntryMark;
import larder.cache.value.Envelope;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
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
  private static final Position OLDEST = new Position(5, 10);
  private static final CompletableFuture<?> STORED = CompletableFuture.completedFuture(null);

  private static RedisServer redis;
  private static RedissonClient client;
  private static RedisCalls calls;
  private static RedisKeyLocks locks;
  private static RemoteStore remote;

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    Config config = new Config();
    config.useSingleServer().setAddress(redis.url()).setConnectionMinimumIdleSize(1);
    client = Redisson.create(config);
    Duration patient = Duration.ofSeconds(5);
    calls = new RedisCalls(client, "locks:probe", patient, Duration.ofMillis(100), patient);
    calls.start();
    locks = new RedisKeyLocks(calls, LIFE, Observations.NONE);
    remote = new RemoteStore(calls, Observations.NONE, Timings.NO_OP);
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
    assertThat(new RedisKeyLocks(calls, LIFE, Observations.NONE).tryAcquire("app:a:v1:1")).isNull();
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
    RedisKeyLocks brief = new RedisKeyLocks(calls, Duration.ofMillis(200), Observations.NONE);
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
      RedisKeyLocks unanswered = new RedisKeyLocks(closed, LIFE, Observations.NONE);
      Lock first = Objects.requireNonNull(unanswered.tryAcquire("app:away:v1:1"));
      assertThat(unanswered.tryAcquire("app:away:v1:1")).isNotNull();
      first.releaseAfter(STORED);
    }
    assertThat(redis.command("EXISTS", "{app:away:v1:1}:load")).isEqualTo("0");
  }

  @Test
  void theEntryOfAKeyIsLookedForAndItsLockTakenInOneStep() {
    Claim first = claimed("app:claim:v1:1");
    assertThat(first.state()).isEqualTo(State.ABSENT);
    assertThat(first.lock()).isNotNull();
    assertThat(Long.parseLong(redis.command("PTTL", "{app:claim:v1:1}:load")))
        .isBetween(1L, LIFE.toMillis());

    Claim second = claimed("app:claim:v1:1");
    assertThat(second.state()).isEqualTo(State.ABSENT);
    assertThat(second.lock()).isNull();
    assertThat(locks.tryAcquire("app:claim:v1:1")).isNull();
  }

  /** A command may be sent again by the client, or come late. */
  @Test
  void whoClaimsTwiceHasTheLockStill() {
    Held lock = (Held) Objects.requireNonNull(claimed("app:twice:v1:1").lock());

    assertThat(lock.claim(OLDEST).toCompletableFuture().join()).asString().isEqualTo("1A");
  }

  @Test
  void anEntryOfUseIsFoundAndLeavesTheLockAlone() {
    for (Position asOf : List.of(OLDEST, new Position(5, 11), new Position(6, 0))) {
      byte[] entry = stored("app:use:v1:1", asOf);
      Claim claim = claimed("app:use:v1:1");
      assertThat(claim.state()).as("%s", asOf).isEqualTo(State.PRESENT);
      assertThat(claim.entry()).isEqualTo(entry);
      assertThat(claim.lock()).isNull();
    }
    assertThat(redis.command("EXISTS", "{app:use:v1:1}:load")).isEqualTo("0");
  }

  @Test
  void anEntryOfNoUseIsAsNone() {
    stored("app:old:v1:1", new Position(5, 9));
    Claim older = claimed("app:old:v1:1");
    assertThat(older.state()).isEqualTo(State.OLDER);
    assertThat(older.entry()).isNull();
    assertThat(older.lock()).isNotNull();

    stored("app:old:v1:2", new Position(4, 99));
    assertThat(claimed("app:old:v1:2").state()).isEqualTo(State.FORMER);
  }

  @Test
  void positionsOfAnySizeAreCompared() {
    for (long epoch : new long[] {1, 1L << 40, (1L << 53) - 1}) {
      for (long n : new long[] {1, 127, 128, 300, 16_383, 16_384, 1L << 40}) {
        String key = "app:at:v1:" + epoch + "." + n;
        byte[] bytes = stored(key, new Position(epoch, n));
        assertThat(locks.claim("cache", key, new Position(epoch, n)).entry())
            .as("%d-%d", epoch, n)
            .isEqualTo(bytes);
        Claim older = locks.claim("cache", key, new Position(epoch, n + 1));
        assertThat(older.state()).as("%d-%d", epoch, n).isEqualTo(State.OLDER);
        Objects.requireNonNull(older.lock()).releaseAfter(STORED);
      }
    }
  }

  /** The shortest of them are what the script answers itself. */
  @Test
  void whatIsNoEntryIsAsNone() {
    for (String garbage : List.of("", "0A", "0", "L", "x".repeat(100))) {
      redis.command("SET", "app:garbage:v1:1", garbage);
      Claim claim = claimed("app:garbage:v1:1");
      assertThat(claim.state()).as(garbage).isEqualTo(State.UNREADABLE);
      assertThat(claim.lock()).as(garbage).isNotNull();
      Objects.requireNonNull(claim.lock()).releaseAfter(STORED);
      await().until(() -> redis.command("EXISTS", "{app:garbage:v1:1}:load").equals("0"));
    }
  }

  @Test
  void withoutAnAnswerToAClaimEverybodyIsTheOwner() {
    redis.command("DEL", "app:list:v1:1");
    redis.command("LPUSH", "app:list:v1:1", "no string");
    Claim refused = claimed("app:list:v1:1");
    assertThat(refused.state()).isEqualTo(State.UNKNOWN);
    assertThat(refused.lock()).isNotNull();
    assertThat(calls.isAvailable()).isTrue();
  }

  @Test
  void theLockIsGivenBackTogetherWithTheStoring() {
    Lock lock = Objects.requireNonNull(claimed("app:store:v1:1").lock());
    remote.set(write("app:store:v1:1"), lock).join();
    assertThat(redis.command("GET", "app:store:v1:1")).isEqualTo("value");
    assertThat(Long.parseLong(redis.command("PTTL", "app:store:v1:1")))
        .isBetween(1L, LIFE.toMillis());
    assertThat(redis.command("EXISTS", "{app:store:v1:1}:load")).isEqualTo("0");

    int scripts = scripts();
    lock.releaseAfter(STORED);
    acquired("app:store:v1:2").releaseAfter(STORED);
    await().until(() -> redis.command("EXISTS", "{app:store:v1:2}:load").equals("0"));
    assertThat(scripts()).as("the release of the other lock").isEqualTo(scripts + 1);
  }

  @Test
  void whoStoresTooLateGivesNobodyElsesLockBack() {
    Lock late = acquired("app:stored-late:v1:1");
    redis.command("DEL", "{app:stored-late:v1:1}:load");
    acquired("app:stored-late:v1:1");
    remote.set(write("app:stored-late:v1:1"), late).join();

    assertThat(redis.command("GET", "app:stored-late:v1:1")).isEqualTo("value");
    assertThat(redis.command("EXISTS", "{app:stored-late:v1:1}:load")).isEqualTo("1");
  }

  @Test
  void aRedisThatIsFullStoresNothingAndGivesTheLockBack() {
    Lock lock = acquired("app:full:v1:1");
    String most =
        redis.command("CONFIG", "GET", "maxmemory").lines().reduce((a, b) -> b).orElse("0");
    String policy = redis.command("CONFIG", "GET", "maxmemory-policy");
    redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    redis.command("CONFIG", "SET", "maxmemory", "1");
    try {
      remote.set(write("app:full:v1:1"), lock).join();
      assertThat(redis.command("EXISTS", "{app:full:v1:1}:load")).isEqualTo("0");
      assertThat(redis.command("EXISTS", "app:full:v1:1")).isEqualTo("0");
      assertThat(calls.isAvailable()).as("it has answered").isTrue();
    } finally {
      redis.command("CONFIG", "SET", "maxmemory", most);
      redis.command(
          "CONFIG", "SET", "maxmemory-policy", policy.lines().reduce((a, b) -> b).orElse(""));
    }
  }

  /** In a cluster, entry and lock may be on two servers. */
  @Test
  void keysWithBracesAreClaimedAndStoredStepByStep() {
    for (String key : List.of("app:b:v2:{x}", "app:b:v2:{", "app:b:v2:}")) {
      assertThat(locks.canClaim(key)).as(key).isFalse();
      Lock lock = acquired(key);
      remote.set(write(key), lock).join();
      assertThat(redis.command("GET", key)).isEqualTo("value");
      assertThat(redis.command("EXISTS", "{" + key + "}:load")).as(key).isEqualTo("1");
      lock.releaseAfter(STORED);
      await().until(() -> redis.command("EXISTS", "{" + key + "}:load").equals("0"));
    }
    assertThat(locks.canClaim("app:b:v2:(x,y)")).isTrue();
  }

  @Test
  void theLockOfAnotherKeyStaysWhenAValueIsStored() {
    Lock lock = acquired("app:this:v1:1");
    remote.set(write("app:other:v1:1"), lock).join();

    assertThat(redis.command("GET", "app:other:v1:1")).isEqualTo("value");
    assertThat(redis.command("EXISTS", "{app:this:v1:1}:load")).isEqualTo("1");
  }

  private static Claim claimed(String key) {
    return locks.claim("cache", key, OLDEST);
  }

  /** Stores an entry, and returns its bytes. */
  private static byte[] stored(String key, Position asOf) {
    ValueType text = new ValueTypes(FieldMapper.create().getTypeFactory()).of(String.class);
    byte[] bytes =
        Envelope.of(text, new EntryMark(asOf, Tags.of("k:a:1"), 0, 0), "text".getBytes(US_ASCII))
            .write(Tags.of("k:a:1"));
    remote.set(new Write(EntryAddress.ofKey(key), bytes, LIFE)).join();
    return bytes;
  }

  private static Write write(String key) {
    return new Write(EntryAddress.ofKey(key), "value".getBytes(US_ASCII), LIFE);
  }

  private static int scripts() {
    return redis
        .command("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_evalsha:") || line.startsWith("cmdstat_eval:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll(".*calls=(\\d+).*", "$1")))
        .sum();
  }

  private static Lock acquired(String key) {
    return Objects.requireNonNull(locks.tryAcquire(key), "no lock");
  }
}
