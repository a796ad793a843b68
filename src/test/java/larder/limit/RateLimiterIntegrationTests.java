package larder.limit;

import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.limit.Standing.DecidedBy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes and many threads at once on one real Redis. */
@Timeout(60)
class RateLimiterIntegrationTests {

  private static final Duration PATIENT = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofMillis(250);
  private static final Duration LONG = Duration.ofHours(1);
  private static final int LIMIT = 15;
  private static final int BURST = 5;
  private static final int THREADS = 6;
  private static final int WINDOWS = 6;
  private static final AtomicInteger SUBJECTS = new AtomicInteger();

  private static final List<Limit> LIMITS =
      List.of(
          limit("fixed", Algorithm.FIXED_WINDOW, LIMIT, WINDOW, LIMIT),
          limit("sliding", Algorithm.SLIDING_WINDOW, LIMIT, WINDOW, LIMIT),
          limit("bucket", Algorithm.TOKEN_BUCKET, LIMIT, WINDOW, BURST),
          limit("fixed-long", Algorithm.FIXED_WINDOW, 3, LONG, 3),
          limit("sliding-long", Algorithm.SLIDING_WINDOW, 3, LONG, 3),
          limit("bucket-long", Algorithm.TOKEN_BUCKET, 3, LONG, 3),
          limit("other-long", Algorithm.FIXED_WINDOW, 5, LONG, 5),
          new Limit("off", Algorithm.FIXED_WINDOW, 1, LONG, 1, WhenAway.LOCAL, false));

  private static RedisServer redis;
  private static LimitNode a;
  private static LimitNode b;

  private static Limit limit(
      String name, Algorithm algorithm, int limit, Duration window, int burst) {
    return new Limit(name, algorithm, limit, window, burst, WhenAway.LOCAL, /* enabled= */ true);
  }

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    a = new LimitNode(redis.port(), PATIENT, LIMITS);
    b = new LimitNode(redis.port(), PATIENT, LIMITS);
  }

  @AfterAll
  static void disconnect() {
    a.close();
    b.close();
    redis.close();
  }

  /** An allowed call: the server's time before and after it, and what it took. */
  private record Allowed(long before, long after, long stamp) {}

  private static String subject() {
    return "subject-" + SUBJECTS.incrementAndGet();
  }

  /** Both nodes ask from many threads at once, until some windows are full. */
  private static List<Allowed> drive(String limit) throws Exception {
    String subject = subject();
    ConcurrentLinkedQueue<Allowed> allowed = new ConcurrentLinkedQueue<>();
    CountDownLatch ready = new CountDownLatch(2 * THREADS);
    Consumer<LimitNode> caller =
        node -> {
          ready.countDown();
          long before = node.serverMicros();
          while (allowed.size() < LIMIT * WINDOWS) {
            Decision decision = node.limiter.ask(limit, subject);
            assertThat(decision.of(limit)).map(Standing::decidedBy).contains(DecidedBy.REDIS);
            long after = node.serverMicros();
            if (decision.allowed()) {
              allowed.add(new Allowed(before, after, decision.standings().get(0).stamp()));
            }
            before = after;
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS);
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (LimitNode node : List.of(a, b)) {
      for (int i = 0; i < THREADS; i++) {
        callers.add(CompletableFuture.runAsync(() -> caller.accept(node), threads));
      }
    }
    callers.forEach(CompletableFuture::join);
    threads.shutdown();
    return List.copyOf(allowed);
  }

  /** Returns the most calls that surely happened within one time of a length. */
  private static int mostWithin(Collection<Allowed> calls, long micros) {
    List<Allowed> sorted = calls.stream().sorted(comparingLong(Allowed::before)).toList();
    int most = 0;
    for (Allowed first : sorted) {
      int within =
          (int)
              sorted.stream()
                  .filter(one -> one.before() >= first.before())
                  .filter(one -> one.after() < first.before() + micros)
                  .count();
      most = Math.max(most, within);
    }
    return most;
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }

  @Test
  void aSlidingWindowIsNeverAboveItsLimit() throws Exception {
    List<Allowed> calls = drive("sliding");
    assertThat(mostWithin(calls, micros(WINDOW))).isLessThanOrEqualTo(LIMIT);
    List<Long> stamps = calls.stream().map(Allowed::stamp).sorted().toList();
    for (int i = LIMIT; i < stamps.size(); i++) {
      assertThat(stamps.get(i) - stamps.get(i - LIMIT)).isGreaterThanOrEqualTo(micros(WINDOW));
    }
    assertThat(calls).allMatch(one -> one.before() <= one.stamp() && one.stamp() <= one.after());
  }

  @Test
  void aFixedWindowIsNeverAboveItsLimit() throws Exception {
    TreeMap<Long, Integer> windows = new TreeMap<>();
    List<Allowed> calls = drive("fixed");
    calls.forEach(one -> windows.merge(one.stamp(), 1, Integer::sum));
    assertThat(windows.values()).allMatch(count -> count <= LIMIT).contains(LIMIT);
    List<Long> starts = List.copyOf(windows.keySet());
    for (int i = 1; i < starts.size(); i++) {
      assertThat(starts.get(i) - starts.get(i - 1)).isGreaterThanOrEqualTo(micros(WINDOW));
    }
    assertThat(calls)
        .allMatch(one -> one.stamp() <= one.after() && one.before() < one.stamp() + micros(WINDOW));
  }

  @Test
  void aTokenBucketIsNeverAboveItsBurstAndRate() throws Exception {
    List<Allowed> calls = drive("bucket");
    long interval = LIMITS.get(2).intervalMicros();
    for (int n = 1; n <= 3 * LIMIT; n++) {
      assertThat(mostWithin(calls, n * interval)).isLessThanOrEqualTo(BURST + n);
    }
    List<Long> stamps = calls.stream().map(Allowed::stamp).sorted().toList();
    for (int i = 1; i < stamps.size(); i++) {
      assertThat(stamps.get(i) - stamps.get(i - 1)).isGreaterThanOrEqualTo(interval);
    }
    assertThat(calls)
        .allMatch(one -> one.stamp() - BURST * interval <= one.after())
        .allMatch(one -> one.stamp() - interval >= one.before() - BURST * interval);
  }

  @Test
  void exactlyTheLimitIsAllowedHoweverManyAskAtOnce() {
    for (String limit : List.of("fixed-long", "sliding-long", "bucket-long")) {
      String subject = subject();
      ExecutorService threads = Executors.newFixedThreadPool(16);
      List<CompletableFuture<Decision>> answers =
          LongStream.range(0, 40)
              .mapToObj(i -> i % 2 == 0 ? a : b)
              .map(
                  node ->
                      CompletableFuture.supplyAsync(
                          () -> node.limiter.ask(limit, subject), threads))
              .toList();
      assertThat(answers.stream().map(CompletableFuture::join).filter(Decision::allowed))
          .as(limit)
          .hasSize(3);
      threads.shutdown();
    }
  }

  @Test
  void standingsTellWhatIsLeftAndHowLongToWait() {
    String subject = subject();
    assertThat(standing("sliding-long", subject).remaining()).isEqualTo(2);
    assertThat(standing("sliding-long", subject).remaining()).isEqualTo(1);
    assertThat(standing("sliding-long", subject).remaining()).isZero();
    Decision refused = a.limiter.ask("sliding-long", subject);
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.retryAfter()).isBetween(LONG.minusMinutes(1), LONG);

    for (int i = 0; i < 3; i++) {
      standing("bucket-long", subject);
    }
    assertThat(a.limiter.ask("bucket-long", subject).retryAfter())
        .isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));
  }

  private static Standing standing(String limit, String subject) {
    Decision decision = a.limiter.ask(limit, subject);
    assertThat(decision.allowed()).isTrue();
    return decision.standings().get(0);
  }

  @Test
  void ofTwoLimitsBothAreTakenFromOrNone() {
    String subject = subject();
    Map<String, String> both = Map.of("sliding-long", subject, "other-long", subject);
    for (int i = 0; i < 3; i++) {
      assertThat(a.limiter.ask(both).allowed()).isTrue();
    }
    for (int i = 0; i < 20; i++) {
      Decision refused = b.limiter.ask(both);
      assertThat(refused.refusals()).hasSize(1);
      assertThat(refused.of("other-long")).map(Standing::remaining).contains(2L);
    }
    assertThat(a.limiter.ask("other-long", subject).allowed()).isTrue();
    assertThat(b.limiter.ask("other-long", subject).allowed()).isTrue();
    assertThat(b.limiter.ask("other-long", subject).allowed()).isFalse();
  }

  @Test
  void whatIsGivenBackCountsNoMore() {
    for (String limit : List.of("fixed-long", "sliding-long")) {
      String subject = subject();
      List<Decision> taken = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        taken.add(a.limiter.ask(limit, subject));
      }
      assertThat(b.limiter.ask(limit, subject).allowed()).as(limit).isFalse();
      a.limiter.giveBack(taken.get(1), limit);
      await().until(() -> b.limiter.ask(limit, subject).allowed());
      assertThat(b.limiter.ask(limit, subject).allowed()).as(limit).isFalse();
    }
  }

  /** The window of the call is over, and another has begun: that one is not touched. */
  @Test
  void whatIsGivenBackTooLateChangesNothing() {
    String subject = subject();
    Decision early = a.limiter.ask("fixed", subject);
    await().until(() -> a.limiter.ask("fixed", subject).standings().get(0).stamp() != stamp(early));
    String key = early.standings().get(0).key();
    String before = redis.command("GET", key).replaceAll(".*:", "");
    a.limiter.giveBack(early, "fixed");
    a.limiter.ask("fixed-long", subject());
    assertThat(redis.command("GET", key))
        .satisfiesAnyOf(
            value -> assertThat(value).endsWith(":" + before),
            value -> assertThat(value).isEmpty());
  }

  private static long stamp(Decision decision) {
    return decision.standings().get(0).stamp();
  }

  @Test
  void aTokenIsNotGivenBack() {
    String subject = subject();
    Decision taken = a.limiter.ask("bucket-long", subject);
    a.limiter.giveBack(taken, "bucket-long");
    assertThat(a.limiter.ask("bucket-long", subject).standings().get(0).remaining()).isEqualTo(1);
  }

  @Test
  void aLimitThatIsOffIsNotAsked() {
    for (int i = 0; i < 3; i++) {
      Decision decision = a.limiter.ask("off", "x");
      assertThat(decision.allowed()).isTrue();
      assertThat(decision.standings()).isEmpty();
    }
  }

  @Test
  void aLimitThatNobodyDeclaresIsAnError() {
    assertThatThrownBy(() -> a.limiter.ask("nowhere", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Limit 'nowhere' is not declared");
  }

  @Test
  void keysTellNoSubjectAreInOneSlotAndEnd() {
    String subject = "ada@example.org";
    for (String limit : List.of("fixed-long", "sliding-long", "bucket-long")) {
      String key = standing(limit, subject).key();
      assertThat(key)
          .matches("\\{shop:limits}:" + limit + ":[fst]:[A-Za-z0-9_-]{22}")
          .doesNotContain("ada");
      assertThat(Long.parseLong(redis.command("PTTL", key))).isBetween(1L, LONG.toMillis() + 1);
    }
    assertThat(redis.command("KEYS", "*")).doesNotContain("ada");
    for (String key : redis.command("KEYS", "*").lines().toList()) {
      assertThat(redis.command("PTTL", key)).as(key).isNotEqualTo("-1");
    }
  }

  /** Whoever wrote them: bytes of another kind are absent, and the limit begins anew. */
  @Test
  void garbageIsAbsent() {
    for (String limit : List.of("fixed-long", "sliding-long", "bucket-long")) {
      String subject = subject();
      String key = standing(limit, subject).key();
      for (List<String> garbage :
          List.of(
              List.of("SET", key, "nan"),
              List.of("SET", key, "99999999999999999999:1"),
              List.of("SET", key, "1:99999999999999999999999"),
              List.of("SET", key, ""),
              List.of("SADD", key, "x"),
              List.of("RPUSH", key, "x", "nan"),
              List.of("RPUSH", key, "x", "y", "z", "w", "-1"),
              List.of("HSET", key, "a", "b"))) {
        redis.command("DEL", key);
        redis.command(garbage.toArray(String[]::new));
        assertThat(standing(limit, subject).decidedBy()).isEqualTo(DecidedBy.REDIS);
        assertThat(standing(limit, subject).remaining()).as("%s", garbage).isEqualTo(1);
        assertThat(redis.command("PTTL", key)).isNotEqualTo("-1");
      }
    }
  }

  /** As after the server's clock was set back: for less than a window the limit waits. */
  @Test
  void timesAheadOfTheClockAreWaitedForUnlessTheyAreFarAhead() {
    long near = a.serverMicros() + micros(Duration.ofMinutes(30));
    long far = a.serverMicros() + micros(Duration.ofHours(8));
    Map<String, List<String>> layouts =
        Map.of(
            "fixed-long", List.of("SET", "%d:3"),
            "sliding-long", List.of("RPUSH", "%1$d", "%1$d", "%1$d"),
            "bucket-long", List.of("SET", "%d"));
    layouts.forEach(
        (limit, layout) -> {
          String subject = subject();
          String key = standing(limit, subject).key();
          redis.command("DEL", key);
          write(key, layout, limit.startsWith("bucket") ? near + micros(LONG) : near);
          assertThat(a.limiter.ask(limit, subject).allowed()).as(limit).isFalse();
          redis.command("DEL", key);
          write(key, layout, far);
          assertThat(standing(limit, subject).remaining()).as(limit).isEqualTo(2);
        });
  }

  private static void write(String key, List<String> layout, long time) {
    List<String> words = new ArrayList<>(List.of(layout.get(0), key));
    layout.stream().skip(1).forEach(one -> words.add(one.formatted(time)));
    redis.command(words.toArray(String[]::new));
  }

  @Test
  void aRedisThatLostItsKeysBeginsAnew() {
    String subject = subject();
    for (int i = 0; i < 3; i++) {
      standing("sliding-long", subject);
    }
    assertThat(a.limiter.ask("sliding-long", subject).allowed()).isFalse();
    redis.command("FLUSHALL");
    redis.command("SCRIPT", "FLUSH");
    assertThat(standing("sliding-long", subject).remaining()).isEqualTo(2);
  }

  @Test
  void oneQuestionIsOneCommand() {
    String subject = subject();
    a.limiter.ask(Map.of("sliding-long", subject, "other-long", subject));
    long before = commands();
    for (int i = 0; i < 10; i++) {
      a.limiter.ask(Map.of("sliding-long", subject, "other-long", subject));
    }
    assertThat(commands() - before).isEqualTo(10);
  }

  /** Returns how many scripts the server was sent; what scripts do is not counted. */
  private static long commands() {
    String stats = redis.command("INFO", "commandstats");
    return stats
        .lines()
        .filter(line -> line.startsWith("cmdstat_eval"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("^\\w+:calls=(\\d+).*", "$1")))
        .sum();
  }
}
