package larder.cache.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RedisWay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HotCallsIntegrationTests {

  private static final String KEY = "app:warmup:users";

  private static RedisServer redis;
  private static RedisWay way;
  private static RedisCalls calls;

  private HotCalls hot;

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    way = RedisWay.open(redis.url(), "app");
    calls = way.calls();
  }

  @AfterAll
  static void disconnect() {
    way.close();
    redis.close();
  }

  @BeforeEach
  void startEmpty() {
    hot = new HotCalls(calls, new Keyspace("app"), 5);
    redis.command("FLUSHALL");
  }

  private Map<String, Double> hottest() {
    return Objects.requireNonNull(hot.hottest("users"));
  }

  private double score(String call) {
    return Objects.requireNonNull(hottest().get(call));
  }

  /** Returns the score of a call that is used once now. */
  private static double scoreOfOne() {
    return Double.parseDouble(redis.command("TIME").lines().findFirst().orElseThrow())
        / HotCalls.HALF_LIFE.toSeconds();
  }

  private static void has(String call, double score) {
    redis.command("ZADD", KEY, Double.toString(score), call);
  }

  @Test
  void theHottestComeFirst() {
    hot.tell("users", Map.of("a", 1.0, "b", 64.0, "c", 8.0));

    assertThat(hottest().keySet()).containsExactly("b", "c", "a");
    assertThat(score("b") - score("a")).isEqualTo(6, within(1e-6));
    assertThat(score("a")).isEqualTo(scoreOfOne(), within(0.1));
  }

  @Test
  void theNodeThatUsesACallMostSaysHowHotItIs() {
    hot.tell("users", Map.of("a", 64.0, "b", 2.0));
    double said = score("a");
    hot.tell("users", Map.of("a", 32.0, "b", 4.0));
    hot.tell("users", Map.of("a", 32.0, "b", 4.0));

    assertThat(score("a")).isEqualTo(said);
    assertThat(score("b")).isEqualTo(said - 4, within(1e-3));
  }

  @Test
  void usesOfEarlierWeighLess() {
    double now = scoreOfOne();
    has("a day ago", now - 4 + 5);
    hot.tell("users", Map.of("few now", 1.5, "some now", 4.0));

    assertThat(hottest().keySet()).containsExactly("some now", "a day ago", "few now");
  }

  @Test
  void theColdestAreDropped() {
    Map<String, Double> many = new LinkedHashMap<>();
    IntStream.rangeClosed(1, 1_200).forEach(i -> many.put("call " + i, (double) i));
    hot.tell("users", many);

    assertThat(hottest().keySet())
        .containsExactly("call 1200", "call 1199", "call 1198", "call 1197", "call 1196");
    assertThat(redis.command("ZCARD", KEY)).isEqualTo("5");
  }

  @Test
  void listsEndByThemselvesSomeDaysAfterTheLastUse() {
    hot.tell("users", Map.of("a", 1.0));
    redis.command("PERSIST", KEY);
    hot.tell("users", Map.of("b", 1.0));

    assertThat(Long.parseLong(redis.command("TTL", KEY)))
        .isBetween(Duration.ofDays(6).toSeconds(), Duration.ofDays(7).toSeconds());
  }

  @Test
  void whatIsNoListIsReplaced() {
    redis.command("SET", KEY, "garbage");
    assertThat(hot.hottest("users")).isNull();
    hot.tell("users", Map.of("a", 1.0));

    assertThat(hottest()).containsOnlyKeys("a");
    assertThat(calls.isAvailable()).isTrue();
  }

  @Test
  void aScoreThatNoCountHasDoesNotStand() {
    has("a", 1e300);
    redis.command("ZADD", KEY, "+inf", "b");
    redis.command("ZADD", KEY, "-inf", "c");
    hot.tell("users", Map.of("a", 1.0, "b", 2.0, "c", 4.0));

    assertThat(hottest().keySet()).containsExactly("c", "b", "a");
  }

  @Test
  void cachesHaveAListEach() {
    hot.tell("users", Map.of("a", 1.0));
    hot.tell("a:b", Map.of("c", 1.0));

    assertThat(hottest()).containsOnlyKeys("a");
    assertThat(hot.hottest("a:b")).containsOnlyKeys("c");
    assertThat(redis.command("EXISTS", "app:warmup:a%3Ab")).isEqualTo("1");
    assertThat(hot.hottest("pages")).isEmpty();
  }

  @Test
  void anyBytesAreText() {
    redis.command("EVAL", "redis.call('zadd', KEYS[1], 1, '\\255\\254\\0')", "1", KEY);
    assertThat(hottest()).hasSize(1).allSatisfy((text, score) -> assertThat(score).isEqualTo(1));
  }
}
