package larder.monolith;

import static larder.monolith.GuestRequests.awaitKept;
import static larder.monolith.GuestRequests.get;
import static larder.monolith.GuestRequests.request;
import static larder.monolith.GuestRequests.send;
import static larder.monolith.GuestRequests.status;
import static larder.monolith.GuestRequests.tag;
import static larder.monolith.GuestRequests.text;
import static larder.monolith.People.person;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import larder.cache.page.Oddities;
import larder.cache.page.PageCounts;
import larder.dev.servers.RedisServer;
import larder.monolith.users.User;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes keep pages for guests, and no page is staler than what it is made of. */
class PageCachingIntegrationTests {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static TwoNodes nodes;
  private static RedisServer redis;
  private static MonolithNode here;
  private static MonolithNode there;

  @BeforeAll
  static void start() {
    nodes = TwoNodes.shared();
    redis = nodes.redis();
    here = nodes.here();
    there = nodes.there();
  }

  @BeforeEach
  void beginWell() {
    nodes.beginWell();
  }

  @Test
  void aLargePageArrivesWhole() {
    assertThat(text(get(there, "/odd/large"))).hasSize(Oddities.LARGE + 36);
  }

  @Test
  void otherAnswersThanPagesAreGivenAsTheyAreAndNeverKept() {
    HttpResponse<byte[]> away = get(here, "/odd/away");
    assertThat(away.statusCode()).isEqualTo(302);
    assertThat(away.headers().firstValue("Location")).isPresent();
    int before = here.bean(Oddities.class).made.get();
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> broken = get(here, "/odd/broken");
      assertThat(broken.statusCode()).isEqualTo(503);
      assertThat(broken.headers().firstValue("ETag")).isEmpty();
      assertThat(get(here, "/odd/thrown").statusCode()).isEqualTo(500);
      HttpResponse<byte[]> nobody = get(here, "/users/nobody-is-called-so");
      assertThat(nobody.statusCode()).isEqualTo(404);
      assertThat(text(nobody)).contains("Nobody is called @nobody-is-called-so");
    }
    assertThat(here.bean(Oddities.class).made.get()).isEqualTo(before + 3);
    User late = here.users().signUp(person("nobody-is-called-so"));
    assertThat(text(get(here, "/users/" + late.handle()))).contains(late.displayName());
  }

  // No staler than its parts.

  @Test
  void aChangeOfWhatThePageItselfReadEndsItOnBothNodes() {
    User user = here.users().signUp(somebody());
    String page = "/odd/reads?handle=" + user.handle();

    endsOnBothNodes(page, user);
  }

  @Test
  void aChangeOfAPartThatWasFoundNearEndsThePageOnBothNodes() {
    User user = here.users().signUp(somebody());
    there.awaitCurrent();
    for (MonolithNode node : List.of(here, there)) {
      node.bean(Oddities.Names.class).of(user.id());
      node.bean(Oddities.Names.class).of(user.id());
    }

    endsOnBothNodes("/odd/part?id=" + user.id(), user);
  }

  @Test
  void aChangeOfAPartThatWasFoundInRedisEndsThePageOnBothNodes() {
    User user = here.users().signUp(somebody());
    here.bean(Oddities.Names.class).of(user.id());
    there.awaitCurrent();
    String page = "/odd/part?id=" + user.id();
    awaitKept(there, page);

    endsOnBothNodes(page, user);
  }

  @Test
  void aChangeOfAFragmentsPartEndsFragmentAndPageOnBothNodes() {
    User user = here.users().signUp(somebody());
    String page = "/odd/fragment?id=" + user.id();

    assertThat(text(get(here, page)))
        .isEqualTo("around <p>This is <b>" + user.displayName() + "</b>.</p>");
    endsOnBothNodes(page, user);
  }

  @Test
  void aChangeEndsTheProfileOnBothNodes() {
    User user = here.users().signUp(somebody());
    String page = "/users/" + user.handle();

    endsOnBothNodes(page, user);
  }

  private static void endsOnBothNodes(String page, User user) {
    HttpResponse<byte[]> kept = awaitKept(here, page);
    awaitKept(there, page);
    assertThat(text(kept)).contains(user.displayName());

    rename(user, "Renamed by hand");

    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(BOUND)
        .untilAsserted(
            () -> {
              assertThat(text(get(here, page))).contains("Renamed by hand");
              assertThat(text(get(there, page))).contains("Renamed by hand");
            });
    assertThat(tag(awaitKept(here, page))).isNotEqualTo(tag(kept));
  }

  @Test
  void aPageEndsWithAPartThatEndsByTimeOnly() {
    Oddities.Weather weather = here.bean(Oddities.Weather.class);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              get(here, "/odd/weather");
              assertThat(status(get(here, "/odd/weather"))).isEqualTo("larder; hit");
            });
    weather.turn("sun");

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(text(get(here, "/odd/weather"))).isEqualTo("sun"));
  }

  @Test
  void aPageThatOneNodeHasMadeIsSentByTheOther() {
    String page = "/odd/slow?n=shared";
    HttpResponse<byte[]> made = get(here, page);
    await().atMost(PATIENCE).until(() -> redis.command("KEYS", "*n=shared*").contains("shared"));
    there.awaitCurrent();

    HttpResponse<byte[]> sent = get(there, page);

    assertThat(status(sent)).isEqualTo("larder; hit");
    assertThat(text(sent)).isEqualTo(text(made));
    assertThat(tag(sent)).isEqualTo(tag(made));
  }

  @Test
  void manyGuestsAtOnceHaveThePageMadeOnce() {
    Oddities odd = here.bean(Oddities.class);
    int before = odd.made.get();
    Set<String> bodies = new HashSet<>();
    nodes.crowd(here, "/odd/slow?n=crowd").forEach(answer -> bodies.add(text(answer)));

    assertThat(bodies).hasSize(1);
    assertThat(odd.made.get()).isEqualTo(before + 1);
  }

  // HTTP.

  @Test
  void aBrowserThatHasThePageGetsNoMoreThanItsHeaders() {
    HttpResponse<byte[]> page = awaitKept(here, "/users");
    long before = here.bean(PageCounts.class).notModified();

    HttpResponse<byte[]> again = get(here, "/users", "If-None-Match", "\"other\", " + tag(page));
    HttpResponse<byte[]> weakly = get(here, "/users", "If-None-Match", "W/" + tag(page));
    HttpResponse<byte[]> other = get(here, "/users", "If-None-Match", "\"other\"");

    assertThat(tag(page)).matches("\"[\\w-]{24}\"");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(weakly.statusCode()).isEqualTo(304);
    for (String header : List.of("ETag", "Cache-Control", "Vary", "Content-Security-Policy")) {
      assertThat(again.headers().allValues(header))
          .as(header)
          .isNotEmpty()
          .isEqualTo(page.headers().allValues(header));
    }
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(page.headers().map()).doesNotContainKeys("set-cookie", "pragma", "expires");
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(here.bean(PageCounts.class).notModified()).isEqualTo(before + 2);
  }

  @Test
  void browsersMayUseAPageWithoutAskingForAsLongAsItSays() {
    User user = here.users().signUp(somebody());

    assertThat(
            get(here, "/odd/reads?handle=" + user.handle()).headers().firstValue("Cache-Control"))
        .hasValue("max-age=30");
  }

  @Test
  void theCompressedPageIsTheSamePageUnderAnotherTag() throws IOException {
    HttpResponse<byte[]> page = awaitKept(here, "/users");
    HttpResponse<byte[]> zipped = get(here, "/users", "Accept-Encoding", "br;q=1, gzip;q=0.5");

    assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(zipped.body()).hasSizeLessThan(page.body().length / 2);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(page.body());
    }
    assertThat(tag(zipped)).isEqualTo(tag(page).replaceFirst("\"$", "-gzip\""));
    assertThat(
            get(here, "/users", "Accept-Encoding", "gzip", "If-None-Match", tag(zipped))
                .statusCode())
        .isEqualTo(304);
    assertThat(get(here, "/users", "Accept-Encoding", "gzip;q=0").headers().map())
        .doesNotContainKey("content-encoding");
  }

  @Test
  void headIsAnsweredFromThePage() {
    HttpResponse<byte[]> head =
        send(request(here, "/odd/slow?n=head").method("HEAD", BodyPublishers.noBody()));
    HttpResponse<byte[]> page = get(here, "/odd/slow?n=head");

    assertThat(head.body()).isEmpty();
    assertThat(tag(head)).isEqualTo(tag(page));
    assertThat(status(page)).isEqualTo("larder; hit");
    assertThat(head.headers().firstValue("Content-Length"))
        .hasValue(Integer.toString(page.body().length));
  }

  @Test
  void pagesAreAnsweredWhenRedisIsKilled() {
    User user = here.users().signUp(somebody());
    String page = "/users/" + user.handle();
    awaitKept(here, page);
    nodes.kill();
    try {
      String name = "Renamed without Redis";
      assertThat(text(get(here, page))).contains(user.displayName());
      rename(user, name);
      await()
          .atMost(BOUND.plusSeconds(2))
          .untilAsserted(() -> assertThat(text(get(here, page))).contains(name));
      assertThat(get(here, "/").statusCode()).isEqualTo(200);
    } finally {
      nodes.bringBack();
    }
    awaitKept(here, page);
  }

  private static void rename(User user, String name) {
    String sql = "update users set display_name = ? where id = ?";
    try (Connection connection = nodes.database().connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      statement.setLong(2, user.id());
      assertThat(statement.executeUpdate()).isEqualTo(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
