package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import larder.monolith.follows.Follows;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.User;
import larder.notice.Notices;
import larder.notice.web.NoticeConnections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes of the monolith: what changes on one is told to the open pages of the other. */
@Timeout(120)
class LiveNoticesIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Database DATABASE = TestServers.freshDatabase();

  private static MonolithNode here;
  private static MonolithNode there;

  private final List<EventStream> open = new ArrayList<>();
  private User star;
  private User fan;
  private Visitor page;

  @BeforeAll
  static void start() {
    here = node();
    there = node();
  }

  private static MonolithNode node() {
    return MonolithNode.start(
        DATABASE,
        TestServers.redis(),
        application ->
            application.setDefaultProperties(
                Map.of("larder.notice.heartbeat", "300ms", "larder.notice.per-person", "4")));
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
  }

  @BeforeEach
  void people() {
    star = here.users().signUp(somebody());
    fan = here.users().signUp(somebody());
    there.awaitCurrent();
    page = signedIn(there, fan);
  }

  @AfterEach
  void closePages() {
    open.forEach(EventStream::close);
  }

  private static Visitor signedIn(MonolithNode node, User user) {
    Visitor visitor = node.visitor();
    assertThat(visitor.signIn(user.handle(), PASSWORD).statusCode()).isEqualTo(302);
    return visitor;
  }

  private EventStream events(Visitor visitor) {
    return events(visitor, "");
  }

  /** Opens a page's stream, and returns when it has its place. */
  private EventStream events(Visitor visitor, String lastId) {
    EventStream stream = visitor.events("/notices", lastId);
    open.add(stream);
    assertThat(stream.status()).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> !stream.lastId().isEmpty());
    return stream;
  }

  private void follow() {
    String profile = "/users/" + star.handle();
    assertThat(page.post(profile, profile + "/follow", Map.of()).statusCode()).isEqualTo(302);
  }

  private void change(String name) {
    star = here.users().updateProfile(star.id(), star.version(), new ProfileChange(name, ""));
  }

  private static void hears(EventStream stream, String... names) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(stream.data("notice").stream().map(data -> field(data, "name")))
                    .containsExactly(names));
  }

  private static String field(String json, String name) {
    Matcher field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return field.find() ? field.group(1) : "";
  }

  @Test
  void aChangeOnOneNodeIsToldToTheOpenPagesOfTheOther() {
    follow();
    EventStream one = events(page);
    EventStream other = events(page);
    assertThat(one.header("Content-Type")).startsWith("text/event-stream");
    assertThat(one.header("Cache-Control")).contains("no-store");

    change("Changed <once>");
    star = here.users().changeHandle(star.id(), star.version(), "new-" + star.handle()).user();

    hears(one, "Changed <once>", "Changed <once>");
    hears(other, "Changed <once>", "Changed <once>");
    String last = one.data("notice").get(1);
    assertThat(field(last, "href")).isEqualTo("/users/" + star.handle());
    assertThat(field(last, "text")).isEqualTo("changed their profile");
    assertThat(last).doesNotContain("@example.org");
  }

  @Test
  void whoFollowsAndUnfollowsHearsJustTheRest() {
    EventStream stream = events(page);
    change("Not followed yet");
    follow();
    change("Followed");
    hears(stream, "Followed");
    String profile = "/users/" + star.handle();
    assertThat(page.get(profile).body()).contains("Unfollow");
    page.post(profile, profile + "/unfollow", Map.of());
    change("No longer followed");
    User second = here.users().signUp(somebody());
    there.bean(Follows.class).follow(fan.id(), second.id());
    here.users().updateProfile(second.id(), 0, new ProfileChange("Second", ""));
    hears(stream, "Followed", "Second");
  }

  @Test
  void whatIsRolledBackIsNotTold() {
    follow();
    EventStream stream = events(page);
    try {
      here.write(
          entities -> {
            change("Rolled back");
            throw new IllegalStateException("on purpose");
          });
    } catch (IllegalStateException onPurpose) {
      star = here.users().find(star.id()).orElseThrow();
    }
    change("Committed");
    hears(stream, "Committed");
  }

  @Test
  void aPageThatComesBackMissesNothingOnWhicheverNode() {
    follow();
    EventStream stream = events(page);
    change("First");
    hears(stream, "First");
    String last = stream.lastId();
    stream.close();
    change("Second");
    change("Third");
    EventStream back = events(signedIn(here, fan), last);
    hears(back, "Second", "Third");
    assertThat(back.data("reset")).isEmpty();
  }

  /** A change between the page and its stream is told, since the page says as of when it is. */
  @Test
  void aPageMissesNothingBetweenItselfAndItsStream() {
    follow();
    events(page);
    Matcher after =
        Pattern.compile("data-after=\"(\\d+-\\d+)\"").matcher(page.get("/following").body());
    assertThat(after.find()).isTrue();
    change("In between");
    EventStream stream = page.events("/notices?after=" + after.group(1), "");
    open.add(stream);
    hears(stream, "In between");
  }

  @Test
  void aPageThatComesBackTooLateIsToldSo() {
    EventStream stream = events(page, "1000-0");
    assertThat(stream.data("reset")).hasSize(1);
    assertThat(stream.events().get(0).id()).isNotEqualTo("1000-0");
  }

  /** A page to which nothing is told stays near the end of the stream all the same. */
  @Test
  void silentPagesAreToldHowFarTheyAre() {
    EventStream stream = events(page);
    String before = stream.lastId();
    assertThat(here.bean(Notices.class).publishAndWait("nobody", "listens")).isTrue();
    await().atMost(PATIENCE).until(() -> !stream.lastId().equals(before));
    assertThat(stream.data("notice")).isEmpty();
  }

  @Test
  void guestsAreRefusedAndNotSentToSignIn() {
    EventStream guest = there.visitor().events("/notices", "");
    assertThat(guest.status()).isEqualTo(401);
    assertThat(guest.header("Content-Type")).doesNotStartWith("text/event-stream");
    assertThat(there.visitor().get("/following").statusCode()).isEqualTo(302);
  }

  @Test
  void whoSignsOutHearsNothingMoreOnAnyNode() {
    EventStream stream = events(page);
    Visitor elsewhere = signedIn(here, fan);
    EventStream other = events(elsewhere);
    page.post("/", "/logout", Map.of());
    await().atMost(PATIENCE).until(stream::isOver);
    await().atMost(PATIENCE).until(other::isOver);
    assertThat(page.events("/notices", "").status()).isEqualTo(401);
    events(elsewhere);
  }

  @Test
  void oneHasSoManyPagesAndNoMore() {
    IntStream.range(0, 4).forEach(i -> events(page));
    assertThat(page.events("/notices", "").status()).isEqualTo(503);
    open.get(0).close();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              EventStream next = page.events("/notices", "");
              open.add(next);
              return next.status() == 200;
            });
  }

  @Test
  void aDeletedPersonIsToldOfNoMore() {
    follow();
    EventStream stream = events(page);
    change("Before");
    hears(stream, "Before");
    String before = stream.events().get(0).id();
    stream.close();
    here.users().delete(star.id());
    there.awaitCurrent();
    EventStream back = events(page, before);
    await().atMost(PATIENCE).until(() -> !back.data("position").isEmpty());
    assertThat(back.data("notice")).isEmpty();
    assertThat(page.get("/following").body()).contains("You follow nobody yet");
  }

  /** Open pages do not keep a node from stopping, and are sent away. */
  @Test
  void aNodeStopsAtOnceThoughPagesAreOpen() {
    MonolithNode third = node();
    List<EventStream> pages = new ArrayList<>();
    Visitor visitor = signedIn(third, fan);
    IntStream.range(0, 3).forEach(i -> pages.add(events(visitor)));
    assertThat(third.bean(NoticeConnections.class).open()).isEqualTo(3);
    long began = System.nanoTime();
    third.close();
    // The web server alone would wait 20 seconds for them.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    await().atMost(PATIENCE).until(() -> pages.stream().allMatch(EventStream::isOver));
  }
}
