package larder.monolith;

import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.monolith.trending.Period;
import larder.monolith.trending.Trending;
import larder.monolith.trending.TrendingJob;
import larder.monolith.trending.TrendingUser;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import larder.ranking.Leaderboard;
import larder.ranking.Window;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cache.CacheManager;

/** Who is looked at is on the first page, as they are called now. */
@MonolithTest
class TrendingIntegrationTests {

  private static final String BOARD = "{larder-monolith-tests:ranking-profiles}:";
  private static final Pattern NAME = Pattern.compile("class=\"rank-name\"[^>]*>([^<]*)<");
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired Trending trending;
  @Autowired TrendingJob job;
  @Autowired Leaderboard board;
  @Autowired CacheManager caches;

  private Visitor visitor;

  @BeforeEach
  void nobodyWasSeen() {
    visitor = new Visitor(port);
    TestServers.redis()
        .command("KEYS", BOARD.replace("{", "\\{") + "*")
        .lines()
        .filter(key -> key.startsWith(BOARD))
        .forEach(key -> TestServers.redis().command("DEL", key));
    forgetRanks();
  }

  private void forgetRanks() {
    Objects.requireNonNull(caches.getCache("trending")).clear();
  }

  private void seen(User user, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(visitor.get("/users/" + user.handle()).statusCode()).isEqualTo(200);
    }
  }

  private List<String> names(String path) {
    return NAME.matcher(visitor.get(path).body()).results().map(one -> one.group(1)).toList();
  }

  @Test
  void theFirstPageShowsWhoIsLookedAt() {
    User ada = users.signUp(somebody());
    User bob = users.signUp(somebody());
    assertThat(visitor.get("/").body()).contains("Trending now", "No figures just now");
    seen(ada, 2);
    seen(bob, 3);
    await()
        .atMost(PATIENT)
        .untilAsserted(
            () -> {
              forgetRanks();
              assertThat(names("/")).containsExactly(bob.displayName(), ada.displayName());
            });
    assertThat(names("/?trending=day")).containsExactly(bob.displayName(), ada.displayName());
    assertThat(visitor.get("/?trending=day").body())
        .containsPattern("trending=day\" aria-current=\"true\"");
    assertThat(visitor.get("/?trending=nonsense").body())
        .containsPattern("trending=hour\" aria-current=\"true\"");
  }

  /** The ranks are kept for a minute; the names are those of now all the same. */
  @Test
  void whoIsRenamedOrDeletedIsShownRightAtOnce() {
    User ada = users.signUp(somebody());
    User bob = users.signUp(somebody());
    board.add("" + ada.id(), 5).join();
    board.add("" + bob.id(), 3).join();
    board.add("no id", 9).join();
    assertThat(names("/")).containsExactly(ada.displayName(), bob.displayName());
    String renamed = People.handle();
    users.changeHandle(ada.id(), ada.version(), renamed);
    assertThat(trending.top(Period.HOUR))
        .extracting(one -> one.user().handle())
        .containsExactly(renamed, bob.handle());
    users.delete(ada.id());
    assertThat(trending.top(Period.HOUR))
        .extracting(TrendingUser::rank, one -> one.user().handle())
        .containsExactly(tuple(1, bob.handle()));
    assertThat(names("/")).containsExactly(bob.displayName());
  }

  /** What depends on ten rows stays when another row changes. */
  @Test
  void othersAreWrittenWithoutLoadingItAgain() {
    User ada = users.signUp(somebody());
    board.add("" + ada.id(), 5).join();
    assertThat(trending.top(Period.HOUR)).hasSize(1);
    User bob = users.signUp(somebody());
    board.add("" + bob.id(), 50).join();
    users.delete(users.signUp(somebody()).id());
    assertThat(trending.top(Period.HOUR))
        .extracting(one -> one.user().id())
        .containsExactly(ada.id());
  }

  @Test
  void theJobKeepsRanksAndThePageComparesThem() {
    List<User> people = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      people.add(users.signUp(somebody()));
      board.add("" + people.get(i).id(), 3 - i).join();
    }
    job.run();
    assertThat(board.earlier(new Window("hour", Duration.ofMinutes(5), 12), Duration.ZERO))
        .containsExactly("" + people.get(0).id(), "" + people.get(1).id(), "" + people.get(2).id());
    assertThat(visitor.get("/").body()).doesNotContain("rank-change");

    long minute =
        Long.parseLong(TestServers.redis().command("TIME").lines().findFirst().orElseThrow()) / 60;
    TestServers.redis()
        .command(
            "RPUSH",
            BOARD + "hour:at:" + (minute - 60),
            "",
            "" + people.get(2).id(),
            "" + people.get(0).id());
    forgetRanks();
    assertThat(visitor.get("/").body())
        .contains("up 1 place", ">new<", "down 2 places")
        .containsPattern("<span class=\"visually-hidden\">new</span>");
    List<TrendingUser> top = new ArrayList<>(Objects.requireNonNull(trending.top(Period.HOUR)));
    Collections.reverse(top);
    assertThat(top)
        .extracting(TrendingUser::words)
        .containsExactly("down 2 places", "new", "up 1 place");
  }

  @Test
  void withoutRedisTheFirstPageIsThereAllTheSame() {
    try (RedisServer redis = TestServers.separateRedis();
        MonolithNode node = MonolithNode.start(TestServers.freshDatabase(), redis)) {
      User ada = node.users().signUp(somebody());
      Visitor there = node.visitor();
      there.get("/users/" + ada.handle());
      await().atMost(PATIENT).until(() -> node.bean(Leaderboard.class).countedTotal() > 0);
      await().atMost(PATIENT).until(() -> there.get("/").body().contains("class=\"rank-name\""));
      redis.kill();
      assertThat(there.get("/users/" + ada.handle()).statusCode()).isEqualTo(200);
      assertThat(there.get("/").statusCode()).isEqualTo(200);
      await().atMost(PATIENT).until(() -> there.get("/").body().contains("No figures just now"));
      assertThat(there.get("/").body()).contains(ada.displayName());
      await()
          .atMost(PATIENT)
          .until(
              () -> {
                there.get("/users/" + ada.handle());
                return node.bean(Leaderboard.class).lostTotal() > 0;
              });
    }
  }
}
