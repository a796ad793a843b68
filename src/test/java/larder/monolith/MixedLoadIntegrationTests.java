package larder.monolith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import larder.cache.warmup.Warmup;
import larder.cache.warmup.Warmup.Outcome;
import larder.dev.servers.Database;
import larder.dev.servers.Programs;
import larder.dev.servers.TestServers;
import larder.limit.LimitReport;
import larder.limit.RateLimiter;
import larder.monolith.follows.Follows;
import larder.monolith.follows.ProfileCounters;
import larder.monolith.settings.ProfileSettings;
import larder.monolith.users.User;
import larder.notice.Notices;
import larder.ranking.Leaderboard;
import larder.topologies.RedisProcess;
import larder.writebehind.BufferReport;
import larder.writebehind.WriteBehindBuffers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Everything at once: two nodes of the monolith, guests and members at their pages, and a Redis,
 * with the rights of the ready configuration, that is killed twice. In the end all counts add up.
 *
 * <p>{@code -Dlarder.mixed=10m} is the long run.
 */
class MixedLoadIntegrationTests {

  private static final Duration TIME =
      DurationStyle.detectAndParse(System.getProperty("larder.mixed", "15s"));

  private static final Duration AWAY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PROFILES = 12;
  private static final int GUESTS = 3;
  private static final int MEMBERS = 2;

  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  @Test
  void allCountsAddUp(@TempDir Path folder) throws Exception {
    Database database = TestServers.freshDatabase();
    Programs programs = new Programs(Programs.SHARED_FOLDER, line -> {});
    try (RedisProcess redis = RedisProcess.start(programs.redis(), durable(folder));
        MonolithNode one = node(database, redis);
        MonolithNode two = node(database, redis)) {
      List<MonolithNode> nodes = List.of(one, two);
      List<User> users =
          IntStream.range(0, PROFILES)
              .mapToObj(i -> one.users().signUp(People.somebody()))
              .toList();
      two.awaitCurrent();
      List<MixedGuest> guests =
          IntStream.range(0, GUESTS).mapToObj(i -> new MixedGuest(i, nodes, users, over)).toList();
      List<MixedMember> members =
          IntStream.range(0, MEMBERS)
              .mapToObj(i -> new MixedMember(nodes, users.get(i), over))
              .toList();
      User fan = users.get(MEMBERS);
      members.forEach(member -> one.bean(Follows.class).follow(fan.id(), member.user().id()));
      long toldBefore = published(nodes);
      MixedListener listener = new MixedListener(nodes, fan, over);
      run("listener", listener);
      await().atMost(PATIENCE).until(listener::hasItsPlace);
      guests.forEach(guest -> run("guest", guest));
      members.forEach(member -> run("member", member));
      killTwice(redis);
      over.countDown();
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }

      guests.forEach(guest -> assertThat(guest.surprises()).isEmpty());
      members.forEach(member -> assertThat(member.surprises()).isEmpty());
      MonolithNode.allCurrent(one, two);
      long looks = guests.stream().mapToLong(MixedGuest::looks).sum();
      assertThat(looks).isPositive();
      viewsAddUp(nodes, looks, new JdbcTemplate(one.bean(javax.sql.DataSource.class)));
      pointsAddUp(nodes, looks);
      searchesAddUp(nodes, guests.stream().mapToLong(MixedGuest::searches).sum());
      noticesAddUp(nodes, toldBefore, members, listener);
      members.forEach(member -> isOnAllPages(nodes, member));
      try (MonolithNode third = node(database, redis)) {
        isWarm(third);
        members.forEach(member -> isOnAllPages(List.of(third), member));
      }
      assertThat(refused(redis.command("ACL", "LOG"))).isSubsetOf("eval");
      System.out.printf(
          "%s: %d looks, %d searches, %d edits, %d choices, %d notices%n",
          TIME,
          looks,
          guests.stream().mapToLong(MixedGuest::searches).sum(),
          members.stream().mapToLong(MixedMember::edits).sum(),
          members.stream().mapToLong(MixedMember::choices).sum(),
          listener.notices().size());
    }
  }

  /** What is acknowledged is on the disk; who may do what is as in the ready configuration. */
  private static String[] durable(Path folder) throws IOException {
    Path rights = folder.resolve("users.acl");
    String line =
        Files.readString(Path.of("src/docs/monitoring/redis.conf"))
            .lines()
            .filter(one -> one.startsWith("user larder "))
            .findFirst()
            .orElseThrow();
    Files.writeString(rights, "user default on nopass ~* &* +@all\n" + line + "\n");
    return new String[] {
      "--appendonly", "yes", "--appendfsync", "always", "--aclfile", rights.toString()
    };
  }

  private static MonolithNode node(Database database, RedisProcess redis) {
    return MonolithNode.start(
        database,
        "redis://larder:secret@127.0.0.1:" + redis.port(),
        Map.of(
            "spring.application.name", "larder",
            "larder.jobs.enabled", "true",
            "larder.warmup.keys", "500",
            "larder.warmup.interval", "1s"),
        application -> {});
  }

  private void run(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private static void killTwice(RedisProcess redis) throws InterruptedException {
    long third = TIME.toMillis() / 3;
    for (int i = 0; i < 2; i++) {
      TimeUnit.MILLISECONDS.sleep(third);
      redis.kill();
      TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
      redis.start();
    }
    TimeUnit.MILLISECONDS.sleep(third);
  }

  private static <T> long sum(List<T> all, ToLongFunction<T> count) {
    return all.stream().mapToLong(count).sum();
  }

  /** Each look was appended, refused or unknown; what was appended is in the table, once. */
  private static void viewsAddUp(List<MonolithNode> nodes, long looks, JdbcTemplate database) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<BufferReport> buffers =
                  nodes.stream()
                      .flatMap(node -> node.bean(WriteBehindBuffers.class).reports().stream())
                      .toList();
              long appended = sum(buffers, BufferReport::appended);
              long unknown = sum(buffers, BufferReport::unknown);
              assertThat(appended + unknown + sum(buffers, BufferReport::refused)).isEqualTo(looks);
              assertThat(
                      database.queryForObject("select sum(views) from profile_views", Long.class))
                  .isBetween(appended, appended + unknown);
            });
  }

  /** Each look gave a point to the leaderboard, or is known to have perhaps given none. */
  private static void pointsAddUp(List<MonolithNode> nodes, long looks) {
    List<Leaderboard> boards = nodes.stream().map(node -> node.bean(Leaderboard.class)).toList();
    assertThat(sum(boards, Leaderboard::countedTotal) + sum(boards, Leaderboard::lostTotal))
        .isEqualTo(looks);
    assertThat(sum(boards, Leaderboard::countedTotal)).isPositive();
  }

  /** Each search was allowed or refused, by Redis, by its node, or let through. */
  private static void searchesAddUp(List<MonolithNode> nodes, long searches) {
    List<LimitReport> limits =
        nodes.stream()
            .flatMap(node -> node.bean(RateLimiter.class).report().stream())
            .filter(report -> report.limit().name().equals("search"))
            .toList();
    assertThat(
            sum(limits, LimitReport::allowed)
                + sum(limits, LimitReport::refused)
                + sum(limits, LimitReport::away))
        .isEqualTo(searches);
  }

  /** The page has heard each notice that Redis confirmed, once and in order, and no other. */
  private static void noticesAddUp(
      List<MonolithNode> nodes,
      long toldBefore,
      List<MixedMember> members,
      MixedListener listener) {
    long published = published(nodes) - toldBefore;
    long lost = sum(nodes, node -> node.bean(Notices.class).counts().lost());
    listener.listenOn();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat((long) listener.notices().size())
                    .isBetween(published, published + lost));
    listener.close();
    assertThat(listener.resets()).isZero();
    assertThat(listener.notices()).doesNotHaveDuplicates();
    assertThat(published + lost).isEqualTo(sum(members, MixedMember::edits));
  }

  private static long published(List<MonolithNode> nodes) {
    return sum(nodes, node -> node.bean(Notices.class).counts().published());
  }

  private static void isOnAllPages(List<MonolithNode> nodes, MixedMember member) {
    for (MonolithNode node : nodes) {
      User now = node.users().find(member.user().id()).orElseThrow();
      assertThat((long) now.version()).isEqualTo(member.edits());
      assertThat(node.visitor().get("/users/" + now.handle()).body()).contains(member.lastBio());
      assertThat(node.bean(ProfileSettings.class).value(now.id(), MixedMember.PAGE_SIZE))
          .isIn(member.lastChoices());
      assertThat(node.bean(ProfileCounters.class).of(now.id(), ProfileCounters.ALL))
          .isEqualTo(Map.of(ProfileCounters.FOLLOWERS, 1L, ProfileCounters.FOLLOWING, 0L));
    }
  }

  /** What the others were asked for most is there before the first guest. */
  private static void isWarm(MonolithNode node) {
    Warmup warmup = node.bean(Warmup.class);
    assertThat(Stream.of(Outcome.values()).mapToLong(warmup::total).sum()).isPositive();
    assertThat(warmup.total(Outcome.FAILED)).isZero();
  }

  private static List<String> refused(String log) {
    return Pattern.compile("object\\n(\\S+)").matcher(log).results().map(m -> m.group(1)).toList();
  }
}
