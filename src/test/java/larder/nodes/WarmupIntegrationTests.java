package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import larder.cache.warmup.CallMemory;
import larder.cache.warmup.Warmup;
import larder.cache.warmup.WarmupProgress;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.topologies.Link;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** A node that is used, and nodes that start or are told to warm up. */
@ExtendWith(OutputCaptureExtension.class)
class WarmupIntegrationTests {

  private static final RedisServer REDIS = TestServers.separateRedis();
  private static final Fleet FLEET = new Fleet(REDIS);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LIST = "warm-nodes:warmup:";
  private static Node used;

  @BeforeAll
  static void start() {
    used = FLEET.start(settings(Map.of()), WarmItems.class).awaitCurrent();
  }

  @AfterAll
  static void stop() {
    FLEET.close();
    REDIS.close();
  }

  @BeforeEach
  void forgetWhatIsRemembered() {
    REDIS.command("DEL", LIST + "warm", LIST + "slow", LIST + "by-text");
  }

  private static Map<String, Object> settings(Map<String, ?> more) {
    Map<String, Object> all = new HashMap<>();
    all.put("spring.application.name", "warm-nodes");
    all.put("larder.warmup.keys", "500");
    all.put("larder.warmup.one-in", "1");
    // Told when the test says so.
    all.put("larder.warmup.interval", "1h");
    all.put("larder.caches.off.enabled", "false");
    all.putAll(more);
    return all;
  }

  private static WarmItems items(Node node) {
    return node.bean(WarmItems.class);
  }

  private static CacheStatistics counts(Node node) {
    return node.bean(Statistics.class).of("warm");
  }

  private static List<Long> usedItems(int count) {
    List<Long> ids = FLEET.newItems(count, "old");
    ids.forEach(items(used)::find);
    // Written without waiting: who forgets entries must not be overtaken by them.
    await()
        .until(() -> ids.stream().allMatch(id -> REDIS.command("EXISTS", entry(id)).equals("1")));
    used.bean(CallMemory.class).tell();
    List<String> own = ids.stream().map(WarmupIntegrationTests::call).toList();
    REDIS
        .command("ZRANGE", LIST + "warm", "0", "-1")
        .lines()
        .filter(text -> !own.contains(text))
        .forEach(ofOtherTests -> REDIS.command("ZREM", LIST + "warm", ofOtherTests));
    return ids;
  }

  private static String call(long id) {
    return "[\"warmItems\",\"find\"," + id + "]";
  }

  /** Puts a call into the list that nodes share, hotter than all others. */
  private static void remember(String cache, String call) {
    REDIS.command("ZADD", LIST + cache, "1000000", call);
  }

  private static double score(long id) {
    return Double.parseDouble(REDIS.command("ZSCORE", LIST + "warm", call(id)));
  }

  private static void rememberFind(long id) {
    remember("warm", call(id));
  }

  private static WarmupProgress warm(Node node, String cache) {
    Warmup warmup = node.bean(Warmup.class);
    assertThat(warmup.begin(cache)).isTrue();
    await().atMost(PATIENCE).until(() -> !progress(node).running());
    return progress(node);
  }

  private static WarmupProgress progress(Node node) {
    return node.bean(Warmup.class).progress().orElseThrow();
  }

  private static void forgetEntries(String cache) {
    used.forgetNear();
    REDIS
        .command("KEYS", "warm-nodes:" + cache + ":v*")
        .lines()
        .forEach(key -> REDIS.command("DEL", key));
  }

  /** A load would take a second: Redis answers all, and none of its answers counts as a load. */
  @Test
  void aStartingNodeHasTheEntriesBeforeItIsReady(CapturedOutput output) {
    List<Long> ids = usedItems(20);
    Node starting =
        FLEET.start(
            settings(Map.of("larder.warmup.loads-per-second", "1", "larder.warmup.max-time", "9s")),
            WarmItems.class);

    assertThat(items(starting).entriesWhenReady()).isGreaterThanOrEqualTo(20);
    ids.forEach(items(starting)::find);
    assertThat(ids).allSatisfy(id -> assertThat(starting.hooks().reads(id)).isZero());
    assertThat(counts(starting).loads()).isZero();
    assertThat(counts(starting).nearHits()).isEqualTo(20);
    assertThat(counts(starting).remoteHits()).as("the warm-up's are not counted").isZero();
    assertThat(progress(starting))
        .returns(20, WarmupProgress::total)
        .returns(20, WarmupProgress::found)
        .returns(null, WarmupProgress::cut);
    assertThat(output).contains("Warmed all caches: 20 calls in ");
    assertThat(starting.bean(Warmup.class).total(Warmup.Outcome.FOUND)).isEqualTo(20);
  }

  private static String entry(long id) {
    return "warm-nodes:warm:v1:" + id;
  }

  @Test
  void whatRedisHasNotIsLoadedAndIsNoUse() {
    List<Long> ids = usedItems(20);
    forgetEntries("warm");
    double score = score(ids.get(0));
    WarmupProgress end = warm(used, "warm");

    assertThat(end.loaded()).isEqualTo(20);
    assertThat(ids).allSatisfy(id -> assertThat(used.hooks().reads(id)).isEqualTo(2));
    REDIS.command("DEL", LIST + "warm");
    used.bean(CallMemory.class).tell();
    assertThat(score(ids.get(0))).as("not used twice").isEqualTo(score, within(0.5));
    long hits = counts(used).nearHits();
    ids.forEach(items(used)::find);
    assertThat(counts(used).nearHits()).isEqualTo(hits + 20);
  }

  @Test
  void aMethodThatSpringSynchronizesIsWarmedToo() {
    long id = FLEET.newItem("old");
    items(used).byText("n" + id);
    used.bean(CallMemory.class).tell();
    await().until(() -> REDIS.command("EXISTS", "warm-nodes:by-text:v1:n" + id).equals("1"));
    used.forgetNear();
    assertThat(warm(used, "by-text").found()).isEqualTo(1);
    forgetEntries("by-text");
    assertThat(warm(used, "by-text").loaded()).isEqualTo(1);
    assertThat(used.hooks().reads(id)).isEqualTo(2);
  }

  @Test
  void anEmptiedRedisLeavesNothingToDoUntilTheListIsToldAgain() {
    usedItems(3);
    REDIS.command("FLUSHALL");
    assertThat(warm(used, "warm")).returns(0, WarmupProgress::total);

    used.bean(CallMemory.class).tell();
    used.awaitCurrent();
    assertThat(warm(used, "warm").total()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void whatDoesNotFitThePresentProgramIsDropped() {
    long id = FLEET.newItem("old");
    remember("warm", "[\"warmItems\",\"renamed\"," + id + "]");
    remember("warm", "[\"warmItems\",\"find\",\"" + id + "\"]");
    remember("warm", "[\"warmItems\",\"find\"," + id + ",1]");
    remember("warm", "[\"warmItems\",\"slow\"," + id + "]");
    remember("warm", "[\"warmItems\",\"renew\"," + id + "]");
    remember("warm", "[\"hooks\",\"reads\",\"x\"]");
    remember("warm", "[\"nobody\",\"find\"," + id + "]");
    remember("warm", "{\"@class\":\"java.lang.Runtime\"}");
    remember("warm", "garbage");
    rememberFind(id);

    assertThat(warm(used, "warm"))
        .returns(1, WarmupProgress::total)
        .returns(1, WarmupProgress::loaded)
        .returns(0, WarmupProgress::failed);
  }

  @Test
  void callsThatThrowAreCountedAndSkipped() {
    long gone = FLEET.newItem("gone");
    FLEET.remove(gone);
    long there = FLEET.newItem("there");
    rememberFind(gone);
    rememberFind(there);

    assertThat(warm(used, "warm"))
        .returns(1, WarmupProgress::failed)
        .returns(1, WarmupProgress::loaded)
        .returns(null, WarmupProgress::cut);
  }

  @Test
  void sensitiveCachesAndThoseSwitchedOffAreNotRemembered() {
    long id = FLEET.newItem("old");
    items(used).secret("ada@example.org");
    items(used).secret("ada@example.org");
    items(used).off(id);
    usedItems(1);

    assertThat(REDIS.command("EXISTS", LIST + "warm")).isEqualTo("1");
    assertThat(REDIS.command("EXISTS", LIST + "secret", LIST + "off")).isEqualTo("0");
    Warmup warmup = used.bean(Warmup.class);
    assertThat(List.of("secret", "off", "none", "warm"))
        .filteredOn(warmup::covers)
        .containsExactly("warm");
    remember("secret", "[\"warmItems\",\"secret\",\"ada@example.org\"]");
    assertThat(warm(used, "secret").total()).isZero();
  }

  @Test
  void aListThatIsNoneIsReplaced() {
    REDIS.command("SET", LIST + "warm", "garbage");
    assertThat(warm(used, "warm").cut()).isEqualTo("Redis does not answer");
    List<Long> ids = usedItems(2);
    assertThat(REDIS.command("ZSCORE", LIST + "warm", call(ids.get(0)))).isNotEmpty();
  }

  /** Between the application's start and the warm-up the way to the database is cut. */
  @Configuration(proxyBeanMethods = false)
  static class CutOff {

    private static @Nullable Link link;

    @Bean
    @Order(0)
    ApplicationRunner cut() {
      return arguments -> Objects.requireNonNull(link).cut();
    }
  }

  @Test
  void aDatabaseThatIsAwayEndsItAndTheNodeStarts(CapturedOutput output) {
    List<Long> ids = usedItems(30);
    forgetEntries("warm");
    Database database = FLEET.database();
    String url = database.url();
    int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
    try (Link link = new Link(port)) {
      CutOff.link = link;
      Node starting =
          FLEET.start(
              settings(
                  Map.of(
                      "spring.datasource.url",
                      url.replace(":" + port, ":" + link.port()),
                      "spring.datasource.hikari.connection-timeout",
                      "500")),
              WarmItems.class,
              CutOff.class);

      WarmupProgress end = progress(starting);
      assertThat(end.cut()).isEqualTo("the database does not answer");
      assertThat(end.failed()).isBetween(1, 2);
      assertThat(end.left()).isBetween(28, 29);
      assertThat(items(starting).entriesWhenReady()).isZero();
      assertThat(output).contains("in part, since the database does not answer");
      link.mend();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> items(starting).find(ids.get(0)) != null);
    }
  }

  @Test
  void aSlowMethodHoldsAStartForABoundedTimeAndAStopEndsIt() {
    long id = FLEET.newItem("old");
    remember("slow", "[\"warmItems\",\"slow\"," + id + "]");
    Node starting =
        FLEET.start(
            settings(Map.of("test.pause", "10m", "larder.warmup.max-time", "3s")), WarmItems.class);

    assertThat(progress(starting))
        .returns("its time is over", WarmupProgress::cut)
        .returns(0, WarmupProgress::done);
    assertThat(starting.hooks().reads("begun")).isEqualTo(1);
    assertThat(starting.hooks().reads("interrupted")).as("it is let run").isZero();

    Warmup warmup = starting.bean(Warmup.class);
    remember("slow", "[\"warmItems\",\"slow\"," + FLEET.newItem("other") + "]");
    assertThat(warmup.begin("slow")).isTrue();
    assertThat(warmup.begin("warm")).as("one at a time").isFalse();
    await().atMost(PATIENCE).until(() -> starting.hooks().reads("begun") >= 2);
    Hooks hooks = starting.hooks();
    starting.close();
    await().atMost(PATIENCE).until(() -> hooks.reads("interrupted") >= 1);
    assertThat(warmup.progress().orElseThrow().cut()).isEqualTo("the application stops");
    assertThat(warmup.begin("warm")).isFalse();
  }

  @Test
  void aStopTellsWhatWasUsedLast() {
    long id = FLEET.newItem("old");
    try (Node brief = Node.start(FLEET.database(), REDIS, settings(Map.of()), WarmItems.class)) {
      items(brief.awaitCurrent()).find(id);
    }
    assertThat(REDIS.command("ZRANGE", LIST + "warm", "0", "-1")).contains(call(id));
  }
}
