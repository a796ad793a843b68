package larder.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes with a real Redis: what listeners hear while connections break and Redis hangs or forgets.
 */
@Timeout(120)
class NoticesIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(200);
  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private static RedisServer redis;

  private final String application = "notices-" + APPLICATIONS.incrementAndGet();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startRedis() {
    redis = TestServers.separateRedis();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @BeforeEach
  void emptyRedis() {
    redis.start();
    redis.flush();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private NoticeNode node(int kept, Duration readInterval) {
    NoticeNode node =
        NoticeNode.start(
            redis.port(),
            application,
            Duration.ofSeconds(2),
            NoticeNode.keeping(kept, readInterval));
    open.add(0, node);
    return node;
  }

  /** Returns a page that is live at the node, and a node that hears announcements. */
  private Page page(NoticeNode node, String... topics) {
    Page page = new Page(topics).connect(node.notices());
    open.add(0, page);
    await().atMost(PATIENCE).until(() -> page.hasItsPlace() && node.notices().isListening());
    return page;
  }

  private static void hears(Page page, String... texts) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(page.texts()).containsExactly(texts));
  }

  @Test
  void everyNodeHearsWhatOneTells() {
    NoticeNode a = node(1000, NEVER);
    NoticeNode b = node(1000, NEVER);
    Page here = page(a, "x");
    Page there = page(b, "x", "y");

    a.notices().publish("x", "one\ntwo ü");
    hears(here, "one\ntwo ü");
    hears(there, "one\ntwo ü");
    b.notices().publish("y", "three");
    hears(there, "one\ntwo ü", "three");
    b.notices().publish("x", "");
    hears(here, "one\ntwo ü", "");
    assertThat(b.notices().counts().announced()).isEqualTo(3);
    assertThat(b.notices().counts().caughtUp()).isZero();
  }

  @Test
  void whoWasAwayGoesOnWhereTheyWereOnAnotherNode() {
    NoticeNode a = node(1000, NEVER);
    NoticeNode b = node(1000, NEVER);
    Page page = page(a, "x");
    a.notices().publish("x", "1");
    hears(page, "1");
    page.disconnect();
    a.notices().publish("x", "2");
    a.notices().publish("other", "no");
    await().atMost(PATIENCE).until(() -> a.notices().counts().published() == 3);
    page.connect(b.notices());
    hears(page, "1", "2");
    a.notices().publish("x", "3");
    hears(page, "1", "2", "3");
    assertThat(page.resets()).isZero();
  }

  /** The order is the stream's; what each node published is in it, in the stream's order too. */
  @Test
  void thousandsAreHeardOnceAndInOrderWhilePagesComeAndGo() {
    List<NoticeNode> nodes = List.of(node(20_000, OFTEN), node(20_000, OFTEN));
    Page still = page(nodes.get(0), "x");
    List<Page> restless = IntStream.range(0, 6).mapToObj(i -> page(nodes.get(i % 2), "x")).toList();
    SplittableRandom random = new SplittableRandom(17);
    int count = 6_000;
    for (int i = 0; i < count; i++) {
      nodes.get(i % 2).notices().publish(i % 5 == 4 ? "noise" : "x", "" + i);
      if (random.nextInt(20) == 0) {
        restless
            .get(random.nextInt(restless.size()))
            .connect(nodes.get(random.nextInt(2)).notices());
      }
      if (i % 1_500 == 700) {
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      }
      if (i % 200 == 0) {
        long due = i;
        await().atMost(PATIENCE).until(() -> published(nodes) >= due - 100);
      }
    }
    await().atMost(PATIENCE).until(() -> published(nodes) == count);
    assertThat(nodes).allSatisfy(node -> assertThat(node.notices().counts().lost()).isZero());
    await().atMost(PATIENCE).until(() -> still.texts().size() == count / 5 * 4);
    for (Page page : restless) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(page.texts()).isEqualTo(still.texts()));
      assertThat(page.resets()).isZero();
    }
    assertThat(still.texts()).doesNotHaveDuplicates();
  }

  private static long published(List<NoticeNode> nodes) {
    return nodes.stream().mapToLong(node -> node.notices().counts().published()).sum();
  }

  @Test
  void aNodeWhoseAnnouncementsBreakOffSubscribesAnewAndCatchesUpAtOnce() {
    NoticeNode a = node(1000, NEVER);
    NoticeNode b = node(1000, NEVER);
    Page page = page(b, "x");
    for (int i = 0; i < 3; i++) {
      int round = i;
      redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      a.notices().publish("x", "" + i);
      await().atMost(PATIENCE).until(() -> page.texts().size() == round + 1);
    }
    hears(page, "0", "1", "2");
    assertThat(page.resets()).isZero();
  }

  /** Appends without a word, as if the announcement had been lost. */
  private void appendUnannounced(Notices follower, String topic, String text) {
    String before = follower.position().orElseThrow().toString();
    redis.command("XADD", stream(), "*", "p", before, "t", topic, "m", text);
  }

  private String stream() {
    return "{" + application + ":notices}:stream";
  }

  @Test
  void whatNobodyAnnouncedIsReadAndTheNodeListensAnew() {
    NoticeNode node = node(1000, OFTEN);
    Page page = page(node, "x");
    for (int i = 0; i < 4; i++) {
      int round = i;
      appendUnannounced(node.notices(), "x", "" + i);
      await().atMost(PATIENCE).until(() -> page.texts().size() == round + 1);
    }
    await().atMost(PATIENCE).until(node.notices()::isListening);
    assertThat(node.notices().counts().caughtUp()).isEqualTo(4);
    node.notices().publish("x", "4");
    hears(page, "0", "1", "2", "3", "4");
    await().atMost(PATIENCE).until(() -> node.notices().counts().announced() == 1);
  }

  @Test
  void anAnnouncementThatDoesNotFitHasTheStreamReadAtOnce() {
    NoticeNode node = node(1000, NEVER);
    Page page = page(node, "x");
    appendUnannounced(node.notices(), "x", "missed");
    node.notices().publish("x", "heard");
    hears(page, "missed", "heard");
    assertThat(page.resets()).isZero();
  }

  @Test
  void whileRedisHangsNoticesAreLostAndSoCounted() {
    NoticeNode a = node(1000, OFTEN);
    NoticeNode b = node(1000, OFTEN);
    Page page = page(b, "x");
    redis.suspend();
    try {
      a.notices().publish("x", "perhaps");
      await().atMost(PATIENCE).until(() -> a.notices().counts().lost() == 1);
      a.notices().publish("x", "lost");
      assertThat(a.notices().counts().lost()).isEqualTo(2);
    } finally {
      redis.resume();
    }
    await().atMost(PATIENCE).until(() -> a.asksRedis() && b.asksRedis());
    a.notices().publish("x", "after");
    // Redis did what it was asked before it hung, and only its answer came too late.
    hears(page, "perhaps", "after");
    assertThat(page.resets()).isZero();
  }

  @Test
  void aRedisThatComesBackEmptyResetsEveryPageAndGoesOn() {
    NoticeNode a = node(1000, OFTEN);
    NoticeNode b = node(1000, OFTEN);
    Page page = page(b, "x");
    Page idle = page(b, "y");
    Page away = page(a, "x");
    a.notices().publish("x", "before");
    hears(page, "before");
    hears(away, "before");
    away.disconnect();
    redis.restart();
    await().atMost(PATIENCE).until(() -> a.asksRedis() && b.asksRedis());
    a.notices().publish("x", "after");
    hears(page, "before", "after");
    await().atMost(PATIENCE).until(() -> page.resets() == 1 && idle.resets() == 1);
    away.connect(b.notices());
    await().atMost(PATIENCE).until(() -> away.resets() == 1);
    a.notices().publish("x", "at last");
    hears(page, "before", "after", "at last");
    hears(away, "before", "at last");
    assertThat(List.of(page.resets(), idle.resets(), away.resets())).containsOnly(1);
  }

  /** The new stream's ids are below those that were seen, as after a clock that went back. */
  @Test
  void idsThatGoBackAreAResetToo() {
    NoticeNode node = node(1000, OFTEN);
    Page page = page(node, "x");
    node.notices().publish("x", "before");
    hears(page, "before");
    // In one step: a read between the two would be a reset of its own.
    redis.command(
        "EVAL",
        "redis.call('DEL', KEYS[1])"
            + " redis.call('XADD', KEYS[1], '1000-0', 'p', '0-0', 't', 'x', 'm', 'unseen')",
        "1",
        stream());
    await().atMost(PATIENCE).until(() -> page.resets() == 1);
    appendUnannounced(node.notices(), "x", "after");
    hears(page, "before", "after");
  }

  @Test
  void whoWasAwayForTooLongIsReset() {
    NoticeNode node = node(100, NEVER);
    Page page = page(node, "x");
    node.notices().publish("x", "first");
    hears(page, "first");
    page.disconnect();
    IntStream.range(0, 500).forEach(i -> node.notices().publish("x", "" + i));
    await().atMost(PATIENCE).until(() -> node.notices().counts().published() == 501);
    Page other = page(node, "x");
    page.connect(node.notices());
    await().atMost(PATIENCE).until(() -> page.resets() == 1);
    node.notices().publish("x", "last");
    hears(page, "first", "last");
    hears(other, "last");
  }

  @Test
  void garbageInTheStreamIsAResetAndInTheChannelNothing() {
    NoticeNode node = node(1000, OFTEN);
    Page page = page(node, "x");
    redis.command("PUBLISH", "{" + application + ":notices}:channel", "what is this");
    redis.command("XADD", stream(), "*", "no", "notice");
    await().atMost(PATIENCE).until(() -> page.resets() == 1);
    node.notices().publish("x", "after");
    hears(page, "after");
  }

  @Test
  void theStreamIsKeptShortAndYoung() {
    NoticeNode node =
        NoticeNode.start(
            redis.port(),
            application,
            Duration.ofSeconds(2),
            new NoticeProperties(
                100,
                Duration.ofSeconds(1),
                OFTEN,
                Duration.ofSeconds(15),
                12,
                2000,
                Duration.ofMinutes(10)));
    open.add(0, node);
    IntStream.range(0, 1_000).forEach(i -> node.notices().publish("x", "" + i));
    await().atMost(PATIENCE).until(() -> node.notices().counts().published() == 1_000);
    assertThat(Integer.parseInt(redis.command("XLEN", stream()))).isBetween(100, 300);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              node.notices().publish("x", "late");
              return Integer.parseInt(redis.command("XLEN", stream())) < 50;
            });
  }

  @Test
  void nodesThatOnlyPublishDoNotListen() {
    NoticeNode node = node(1000, OFTEN);
    node.notices().publish("x", "1");
    await().atMost(PATIENCE).until(() -> node.notices().counts().published() == 1);
    assertThat(redis.command("PUBSUB", "CHANNELS")).isEmpty();
    assertThat(node.notices().isListening()).isFalse();
  }

  @Test
  void pagesThatComeWhileRedisIsAwayAreServedWhenItIsBack() {
    NoticeNode a = node(1000, OFTEN);
    Page page = page(a, "x");
    a.notices().publish("x", "1");
    hears(page, "1");
    page.disconnect();
    a.notices().publish("x", "2");
    await().atMost(PATIENCE).until(() -> a.notices().counts().published() == 2);
    redis.suspend();
    Page back;
    try {
      NoticeNode b = node(1000, OFTEN);
      back = page.connect(b.notices());
      assertThat(back.hasItsPlace()).isFalse();
    } finally {
      redis.resume();
    }
    hears(back, "1", "2");
    assertThat(back.resets()).isZero();
  }
}
