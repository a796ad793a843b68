package larder.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import larder.dev.servers.DocumentedRights;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.Keyspace;
import larder.redis.RedisWay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.config.Config;

/** Scores are what the windows say, whoever adds points. */
class LeaderboardIntegrationTests {

  private static final Window HOURS = new Window("hours", Duration.ofHours(1), 24);
  private static final Window DAYS = new Window("days", Duration.ofDays(1), 7);
  private static final String BASE = "{app:ranking-views}:";

  private final List<RedisWay> ways = new ArrayList<>();
  private RedisServer redis;
  private Leaderboard a;
  private Leaderboard b;

  @BeforeEach
  void connect() {
    redis = TestServers.separateRedis();
    a = board(toRedis(), 100);
    b = board(toRedis(), 100);
  }

  private Config toRedis() {
    return RedisWay.single(redis.url());
  }

  private Leaderboard board(Config config, int capacity) {
    return boards(config, capacity).create("views", HOURS, DAYS);
  }

  private Leaderboards boards(Config config, int capacity) {
    RedisWay way = RedisWay.open(config, "app", RedisWay.PATIENT);
    ways.add(way);
    return new Leaderboards(way.calls(), new Keyspace("app"), capacity);
  }

  @AfterEach
  void disconnect() {
    ways.forEach(RedisWay::close);
    redis.close();
  }

  /** Adds points as if it were some steps ago. */
  private void ago(Window window, int steps, String member, int points) {
    String key =
        BASE + window.name() + ":" + (minute() * 60_000 / window.step().toMillis() - steps);
    redis.command("ZINCRBY", key, "" + points, member);
  }

  private long minute() {
    return Long.parseLong(redis.command("TIME").lines().findFirst().orElseThrow()) / 60;
  }

  private static List<Ranked> top(Leaderboard board, Window window) {
    return Objects.requireNonNull(board.top(window, 10));
  }

  @Test
  void pointsOfTwoNodesAreAllCounted() {
    List<CompletableFuture<Boolean>> views = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      views.add(a.add("ada", 1));
      views.add(b.add("ada", 1));
      views.add((i % 2 == 0 ? a : b).add("bob", 2));
      views.add(b.add("cyd", i % 4 == 0 ? 1 : 2));
    }
    assertThat(views).allMatch(CompletableFuture::join);
    // Whenever an hour or a day ends meanwhile, what came before weighs less.
    if (redis.command("KEYS", BASE + "*").lines().count() == 2) {
      assertThat(top(a, HOURS))
          .containsExactly(
              new Ranked(1, "bob", 2_000 * 24),
              new Ranked(2, "ada", 2_000 * 24),
              new Ranked(3, "cyd", 1_750 * 24));
      assertThat(top(b, DAYS)).extracting(Ranked::score).containsExactly(14_000L, 14_000L, 12_250L);
      assertThat(a.rank(HOURS, "cyd")).contains(new Ranked(3, "cyd", 1_750 * 24));
    }
    assertThat(a.countedTotal() + b.countedTotal()).isEqualTo(5_750);
  }

  @Test
  void pointsOfSeveralMembersAreAddedInOneStep() {
    assertThat(a.add(Map.of("ada", 3, "bob", 5)).join()).isTrue();
    assertThat(b.add(Map.of("ada", 4)).join()).isTrue();
    assertThat(a.add(Map.of()).join()).isTrue();
    assertThat(top(b, HOURS)).extracting(Ranked::member).containsExactly("ada", "bob");
    assertThat(a.countedTotal()).isEqualTo(8);
    assertThatThrownBy(() -> a.add(Map.of("ada", 1, "bob", 0)))
        .hasMessage("Points must be positive and of a member, were: 0 of 'bob'");
    assertThat(top(b, HOURS)).extracting(Ranked::member).containsExactly("ada", "bob");
  }

  @Test
  void pointsFadeStepByStepAndAreGoneAfterTheLast() {
    ago(HOURS, 0, "now", 1);
    ago(HOURS, 1, "before", 1);
    ago(HOURS, 23, "last", 30);
    ago(HOURS, 24, "gone", 1_000);
    ago(HOURS, 2, "both", 1);
    ago(HOURS, 20, "both", 1);
    List<Ranked> expected =
        List.of(
            new Ranked(1, "last", 30),
            new Ranked(2, "both", 22 + 4),
            new Ranked(3, "now", 24),
            new Ranked(4, "before", 23));
    // An hour may have ended between the points and the question; then all is one step older.
    assertThat(top(a, HOURS))
        .satisfiesAnyOf(
            found -> assertThat(found).isEqualTo(expected),
            found -> assertThat(found).extracting(Ranked::score).containsExactly(24L, 23L, 22L));
    assertThat(a.rank(HOURS, "gone")).isEmpty();
    assertThat(top(a, DAYS)).isEmpty();
  }

  @Test
  void everyKeyEndsByItself() {
    a.add("ada", 1).join();
    assertThat(a.remember(HOURS, 10, Duration.ofHours(1))).isTrue();
    assertThat(top(a, HOURS)).hasSize(1);
    List<String> keys = redis.command("KEYS", "*").lines().toList();
    assertThat(keys).hasSize(3).allMatch(key -> key.startsWith(BASE));
    for (String key : keys) {
      assertThat(Long.parseLong(redis.command("PTTL", key)))
          .isBetween(1L, Duration.ofDays(8).toMillis());
    }
  }

  @Test
  void theLeastAreForgottenWhenThereAreTooMany() {
    Leaderboard small = boards(toRedis(), 5).create("views", HOURS);
    for (int i = 1; i <= 10; i++) {
      small.add("member-" + i, i).join();
    }
    assertThat(Objects.requireNonNull(small.top(HOURS, 100))).hasSize(10);
    small.add("one-more", 3).join();
    assertThat(Objects.requireNonNull(small.top(HOURS, 100)))
        .extracting(Ranked::member)
        .containsExactly("member-10", "member-9", "member-8", "member-7", "member-6");
  }

  @Test
  void theOrderOfSomeTimeAgoIsKept() {
    assertThat(a.earlier(HOURS, Duration.ZERO)).isNull();
    a.remember(HOURS, 2, Duration.ofHours(1));
    assertThat(a.earlier(HOURS, Duration.ZERO)).isEmpty();
    IntStream.range(0, 3).forEach(i -> a.add("member-" + i, 1 + i).join());
    a.remember(HOURS, 2, Duration.ofHours(1));
    assertThat(b.earlier(HOURS, Duration.ZERO)).containsExactly("member-2", "member-1");
    assertThat(b.earlier(DAYS, Duration.ZERO)).isNull();

    redis.command("RPUSH", BASE + "hours:at:" + (minute() - 62), "", "old");
    assertThat(b.earlier(HOURS, Duration.ofHours(1))).containsExactly("old");
    redis.command("RPUSH", BASE + "hours:at:" + (minute() - 60), "", "newer");
    assertThat(b.earlier(HOURS, Duration.ofHours(1))).isIn(List.of("newer"), List.of("old"));
    assertThat(b.earlier(HOURS, Duration.ofHours(2))).isNull();
  }

  @Test
  void withoutRedisNothingIsCountedAndNobodyWaits() {
    redis.kill();
    assertThat(a.top(HOURS, 10)).isNull();
    assertThat(a.rank(HOURS, "ada")).isNull();
    assertThat(a.earlier(HOURS, Duration.ZERO)).isNull();
    assertThat(a.remember(HOURS, 10, Duration.ZERO)).isFalse();
    assertThat(a.add("ada", 1).join()).isFalse();
    assertThat(a.lostTotal()).isOne();
    redis.start();
    await().until(() -> a.add("ada", 1).join());
    assertThat(top(a, HOURS)).hasSize(1);
  }

  @Test
  void metersTellOfEachBoard() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Leaderboards boards = boards(toRedis(), 5);
    Leaderboard early = boards.create("early", HOURS);
    new RankingMetrics(boards).bindTo(meters);
    boards.create("late", HOURS);
    early.add("ada", 1).join();
    assertThat(meters.get("larder.ranking.counted").tag("board", "early").functionCounter().count())
        .isOne();
    assertThat(meters.get("larder.ranking.lost").tag("board", "late").functionCounter().count())
        .isZero();
    assertThatThrownBy(() -> boards.create("late", HOURS))
        .hasMessage("There is a leaderboard 'late' already");
  }

  @Test
  void wrongWindowsAndPointsAreRefused() {
    assertThatThrownBy(() -> new Window("a b", Duration.ofHours(1), 1))
        .hasMessageContaining("a name of letters, digits and dashes, was: a b");
    assertThatThrownBy(() -> new Window("a", Duration.ofMillis(999), 1))
        .hasMessageContaining("a step of at least 1s");
    assertThatThrownBy(() -> new Window("a", Duration.ofHours(1), 0))
        .hasMessageContaining("1 to 100 steps");
    assertThatThrownBy(() -> a.add("ada", 0)).hasMessageContaining("must be positive");
    assertThatThrownBy(() -> new RankingProperties(0))
        .hasMessage("larder.ranking.capacity must be 1 to 100000, was: 0");
  }

  /** The rights are those that the operations page gives. */
  @Test
  void aUserWithTheLeastRights() throws Exception {
    String rights = DocumentedRights.with("leaderboards");
    List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "app"));
    Collections.addAll(command, rights.replace("larder", "app").split(" "));
    redis.command(command.toArray(String[]::new));
    redis.command("ACL", "LOG", "RESET");
    Leaderboard least = board(toRedis().setUsername("app").setPassword("secret"), 1);
    IntStream.range(0, 3).forEach(i -> assertThat(least.add("member-" + i, 1).join()).isTrue());
    assertThat(least.top(HOURS, 1)).hasSize(1);
    assertThat(least.rank(HOURS, "member-2")).isNotNull();
    assertThat(least.remember(HOURS, 1, Duration.ZERO)).isTrue();
    assertThat(least.earlier(HOURS, Duration.ZERO)).hasSize(1);
    assertThat(redis.command("ACL", "LOG")).doesNotContain("ranking");
  }
}
