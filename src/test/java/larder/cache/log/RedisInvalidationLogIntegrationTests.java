package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.redis.RedisInvalidationLog;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.RedisCalls;
import larder.redis.RedisWay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisInvalidationLogIntegrationTests extends InvalidationLogContractTests {

  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private static RedisServer redis;
  private static RedisWay way;
  private static RedisCalls calls;

  private final String application = "contract-" + APPLICATIONS.incrementAndGet();

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    way = RedisWay.open(redis.url(), "contract");
    calls = way.calls();
  }

  @AfterAll
  static void disconnect() {
    way.close();
    redis.close();
  }

  private String stream() {
    return "{" + application + "}:log";
  }

  @Override
  InvalidationLog emptyLog() {
    return new RedisInvalidationLog(calls, application, KEPT, new SplittableRandom()::nextInt);
  }

  @Override
  void wipe() {
    redis.command("DEL", stream(), stream() + ":state");
  }

  @Override
  void loseCounter() {
    redis.command("DEL", stream() + ":state");
  }

  @Override
  void loseRecords() {
    redis.command("DEL", stream());
  }

  @Override
  void promote() {
    redis.command("DEBUG", "CHANGE-REPL-ID");
  }

  @Test
  void recordsThatAreTrimmedAwayStillBoundTheNextEpoch() {
    InvalidationLog log = emptyLog();
    Position seen = log.append(Position.NOWHERE, Everything.RECORD).position();
    redis.command("XTRIM", stream(), "MAXLEN", "0");
    redis.command("DEL", stream() + ":state");
    Position after = log.append(Position.NOWHERE, Everything.RECORD).position();
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
  }

  /** A replica may lag, and the client sends it whatever only reads: a script in write mode not. */
  @Test
  void noReplicaAnswersAPoll() {
    InvalidationLog log = emptyLog();
    Position seen = log.append(Position.NOWHERE, Everything.RECORD).position();
    redis.command("CONFIG", "RESETSTAT");
    for (int i = 0; i < 5; i++) {
      assertThat(log.poll(seen, 10).entries()).isEmpty();
    }
    String sent = redis.command("INFO", "commandstats");
    assertThat(sent).as("all sent as scripts").contains("cmdstat_evalsha:calls=5");
    assertThat(sent).doesNotContain("evalsha_ro");
  }

  /** Each caller has seen less than the others have; some share a call of the script. */
  @Test
  void manyAtOnceEachLearnWhatTheyHaveNotSeen() throws Exception {
    InvalidationLog log = emptyLog();
    Position start = log.append(Position.NOWHERE, Everything.RECORD).position();
    ExecutorService callers = Executors.newFixedThreadPool(16);
    try {
      List<Callable<List<Long>>> all = new ArrayList<>();
      for (int caller = 0; caller < 16; caller++) {
        Tags tags = Tags.of("caller:" + caller);
        all.add(() -> appended(log, start, new Invalidation(tags, null)));
      }
      List<Long> given = new ArrayList<>();
      for (Future<List<Long>> numbers : callers.invokeAll(all)) {
        given.addAll(numbers.get());
      }
      assertThat(given)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(start.n() + 1, start.n() + 16 * 20).boxed().toList());
    } finally {
      callers.shutdownNow();
    }
  }

  /** Appends a record again and again, and returns its numbers. */
  private static List<Long> appended(InvalidationLog log, Position start, LogRecord record) {
    List<Long> numbers = new ArrayList<>();
    Position seen = start;
    for (int i = 0; i < 20; i++) {
      Appended answer = log.append(seen, record);
      Position own = answer.position();
      List<Long> since = answer.since().stream().map(entry -> entry.position().n()).toList();
      assertThat(since)
          .containsSubsequence(LongStream.rangeClosed(seen.n() + 1, own.n()).boxed().toList());
      assertThat(answer.since()).contains(new LogEntry(own, record));
      numbers.add(own.n());
      seen = i % 2 == 0 ? own : seen;
    }
    return numbers;
  }

  @Test
  void anEntryThatNobodyHereWroteMeansAll() {
    InvalidationLog log = emptyLog();
    Position seen = log.append(Position.NOWHERE, Everything.RECORD).position();
    // Whoever writes past the scripts also makes the next of them open a new epoch.
    Position strange = new Position(seen.epoch(), seen.n() + 1);
    redis.command("XADD", stream(), strange.toString(), "a", "b", "c", "d");
    assertThat(log.poll(seen, 10).entries())
        .containsExactly(new LogEntry(strange, Everything.RECORD));
  }

  @Test
  void aStateThatIsGarbageOpensALaterEpoch() {
    InvalidationLog log = emptyLog();
    Position seen = log.append(Position.NOWHERE, Everything.RECORD).position();
    redis.command("HSET", stream() + ":state", "epoch", "x", "n", "y");
    Position after = log.append(Position.NOWHERE, Everything.RECORD).position();
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
    assertThat(after.n()).isEqualTo(2);
  }

  /** What its predecessor's replies prove says nothing about it. */
  @Test
  void theFirstReplyOfAnotherServerIsRefused() {
    try (RedisServer restarted = TestServers.separateRedis();
        RedisWay own = RedisWay.open(restarted.url(), "contract")) {
      InvalidationLog log =
          new RedisInvalidationLog(own.calls(), application, KEPT, new SplittableRandom()::nextInt);
      assertThat(outcomeOfAPoll(log)).isEqualTo("answered");
      assertThat(outcomeOfAPoll(log)).isEqualTo("answered");
      restarted.restart();
      List<String> outcomes = new ArrayList<>();
      await()
          .until(
              () -> {
                outcomes.add(outcomeOfAPoll(log));
                return outcomes.contains("answered");
              });
      assertThat(outcomes).endsWith("OtherServerException", "answered");
    }
  }

  private static String outcomeOfAPoll(InvalidationLog log) {
    try {
      log.poll(Position.NOWHERE, 10);
      return "answered";
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }

  /** An idle server notices the end of a wait only when its own timer ticks: up to 100 ms later. */
  @Test
  void aWaitingPollOfAnIdleServerIsAnswered() {
    Duration shorterThanATick = Duration.ofMillis(60);
    try (RedisCalls hasty =
        new RedisCalls(
            way.client(),
            "contract:probe",
            shorterThanATick,
            Duration.ofMillis(100),
            Duration.ofSeconds(5))) {
      hasty.start();
      InvalidationLog log =
          new RedisInvalidationLog(hasty, application, KEPT, new SplittableRandom()::nextInt);
      for (int i = 0; i < 12; i++) {
        long until = System.nanoTime() + i * 8_000_000L;
        while (System.nanoTime() - until < 0) {
          Thread.onSpinWait();
        }
        assertThat(log.await(Position.NOWHERE, 10, Duration.ofMillis(100))).isEmpty();
      }
    }
  }
}
