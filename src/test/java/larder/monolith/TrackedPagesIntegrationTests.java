package larder.monolith;

import static java.nio.charset.StandardCharsets.UTF_8;
import static larder.monolith.People.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import larder.cache.CachedCall.Source;
import larder.monolith.settings.ProfileSettings;
import larder.monolith.users.DirectoryPage;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.SignUp;
import larder.monolith.users.User;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Two nodes of the monolith and a program that knows neither of them nor any cache: every page is
 * right after every kind of write, though no method of {@code Users} names what a write ends.
 *
 * <p>The table of users refers to a table of clubs here, which the monolith does not have and does
 * not know, so that there is something that cascades to users.
 */
class TrackedPagesIntegrationTests {

  private static final Logger log = LoggerFactory.getLogger(TrackedPagesIntegrationTests.class);

  /** What {@code larder.max-staleness} is unless set. */
  private static final Duration BOUND = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * So many that the directory has a second page, on which those stand whose names begin with Z.
   */
  private static final int CROWD = 24;

  /** The sign-in of the other program. Roles belong to the whole server. */
  private static final String OTHER = "other_program_of_tracked_pages";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static TwoNodes nodes;
  private static MonolithNode here;
  private static MonolithNode there;

  /**
   * Has another handle in each test: a page that was not found is not kept for some seconds, even
   * if somebody has taken its handle.
   */
  private User zoe;

  /** A write, by whichever way. */
  private interface Write {
    void run() throws Exception;
  }

  @BeforeAll
  static void start() throws SQLException {
    nodes = TwoNodes.shared();
    here = nodes.here();
    there = nodes.there();
    asOwner("create table club (id bigint primary key)");
    asOwner("alter table users add column club bigint references club on delete cascade");
    nodes.renewConnections();
    asOwner("create role " + OTHER + " login password 'other'");
    asOwner(
        "grant select, insert, update, delete, truncate on users, club, follows, profile_views,"
            + " profile_settings to "
            + OTHER);
  }

  @AfterAll
  static void stop() throws SQLException {
    asOwner("alter table users drop column club");
    nodes.renewConnections();
    asOwner("drop table club");
    asOwner("drop owned by " + OTHER);
    asOwner("drop role " + OTHER);
  }

  @BeforeEach
  void fill() throws SQLException {
    nodes.beginWell();
    asOwner("truncate club cascade");
    asOwner("insert into club values (1)");
    asOwner(
        """
        insert into users
          (handle, email, display_name, password_hash, created_at, updated_at)
        select 'crowd-' || n, n || '@crowd.org', 'Crowd ' || n, '{noop}x', now(), now()
        from generate_series(1, %d) n
        """
            .formatted(CROWD));
    String handle = "zoe-" + NUMBERS.incrementAndGet();
    zoe = here.users().signUp(new SignUp(handle, handle + "@example.org", "Zoe Before", PASSWORD));
    asOwner("update users set club = 1 where handle = '" + handle + "'");
    there.awaitCurrent();
  }

  /** What is guessed on one node counts on the other. */
  @Test
  void signInIsLimitedOverBothNodes() {
    for (int i = 0; i < 10; i++) {
      Visitor guesser = (i % 2 == 0 ? here : there).visitor();
      assertThat(guesser.signIn("nobody-at-all", "guess " + i).statusCode()).isEqualTo(401);
    }
    for (MonolithNode node : List.of(here, there)) {
      HttpResponse<String> refused = node.visitor().signIn("Nobody-At-All", "guess");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
  }

  @Test
  void afterAnEditOfTheProfileOnAnotherNode() {
    Visitor herself = here.visitor();
    herself.signIn(zoe.handle(), PASSWORD);
    String form = "/users/" + zoe.handle() + "/edit";
    everyPageIsRight(
        "an edit",
        zoe.handle(),
        showing("Zoe After"),
        () -> herself.post(form, form, saying("Zoe After")));
  }

  @Test
  void afterASignUpOnAnotherNode() {
    SignUp signUp = new SignUp("zelda", "zelda@example.org", "Zelda New", PASSWORD);
    everyPageIsRight("a sign-up", "zelda", showing("Zelda New"), () -> here.users().signUp(signUp));
  }

  @Test
  void afterAChangedHandleOnAnotherNode() {
    everyPageIsRight(
        "a changed handle, under the new one",
        "zora",
        showing("Zoe Before").and(showing("zora</span>")),
        () -> here.users().changeHandle(zoe.id(), zoe.version(), "zora"));
  }

  @Test
  void afterAHandleWasGivenUpOnAnotherNode() {
    everyPageIsRight(
        "a changed handle, under the old one",
        zoe.handle(),
        showing("<span>" + zoe.handle() + "</span>").negate(),
        () -> here.users().changeHandle(zoe.id(), zoe.version(), "zora"));
  }

  @Test
  void afterADeletionOnAnotherNode() {
    everyPageIsRight(
        "a deletion",
        zoe.handle(),
        showing("Zoe Before").negate(),
        () -> here.users().delete(zoe.id()));
  }

  @Test
  void afterBulkJpqlOnAnotherNode() {
    String jpql = "update UserEntity u set u.displayName = 'Zoe After' where u.id = " + zoe.id();
    everyPageIsRight(
        "bulk JPQL",
        zoe.handle(),
        showing("Zoe After"),
        () -> here.write(entities -> entities.createQuery(jpql).executeUpdate()));
  }

  @Test
  void afterANativeUpdateOnAnotherNode() {
    everyPageIsRight(
        "a native update",
        zoe.handle(),
        showing("Zoe After"),
        () -> here.write(entities -> entities.createNativeQuery(renaming()).executeUpdate()));
  }

  @Test
  void afterAnUpdateByPlainJdbcOnAnotherNode() {
    everyPageIsRight(
        "an update by JDBC",
        zoe.handle(),
        showing("Zoe After"),
        () -> here.bean(JdbcTemplate.class).update(renaming()));
  }

  @Test
  void afterAnUpdateByAnotherProgram() {
    everyPageIsRight(
        "another program's update",
        zoe.handle(),
        showing("Zoe After"),
        () -> asAnotherProgram(renaming()));
  }

  @Test
  void afterACopyByAnotherProgram() {
    String row = "zelda\tzelda@copied.org\tZelda Copied\t{noop}x\t2040-01-01\t2040-01-01\n";
    everyPageIsRight(
        "another program's COPY", "zelda", showing("Zelda Copied"), () -> copyAsAnother(row));
  }

  @Test
  void afterADeletionThatCascades() {
    everyPageIsRight(
        "a cascade",
        zoe.handle(),
        showing("Zoe Before").negate(),
        () -> asAnotherProgram("delete from club where id = 1"));
  }

  @Test
  void afterATruncate() {
    everyPageIsRight(
        "a truncate",
        zoe.handle(),
        showing("Zoe Before").negate().and(showing("Crowd").negate()),
        () -> asAnotherProgram("truncate users cascade"));
  }

  @Test
  void afterATruncateThatCascades() {
    everyPageIsRight(
        "a truncate that cascades",
        zoe.handle(),
        showing("Zoe Before").negate().and(showing("Crowd").negate()),
        () -> asAnotherProgram("truncate club cascade"));
  }

  @Test
  void anEditEndsTheEntryOfItsUserAndNoOther() {
    List<Long> crowd =
        there.users().directory("crowd", 0, CROWD).users().stream().map(user -> user.id()).toList();
    awaitHits(there, () -> crowd.forEach(there.users()::find), CROWD);
    awaitHits(there, () -> there.users().find(zoe.id()), 1);

    here.users().updateProfile(zoe.id(), zoe.version(), new ProfileChange("Zoe After", ""));

    await().atMost(BOUND).until(() -> nameThere().equals("Zoe After"));
    assertThat(there.sources(() -> crowd.forEach(there.users()::find)))
        .isEqualTo(Collections.nCopies(CROWD, Source.NEAR));
  }

  @Test
  void anyChangeOfUsersEndsThePagesOfTheDirectory() throws SQLException {
    Runnable search = () -> there.users().directory("crowd-7", 0, DirectoryPage.MAX_SIZE);
    awaitHits(there, search, 1);
    awaitHits(there, () -> there.users().find(zoe.id()), 1);

    asAnotherProgram(renaming());

    await().atMost(BOUND).until(() -> nameThere().equals("Zoe After"));
    assertThat(there.sources(search)).containsExactly(Source.LOADED);
  }

  @Test
  void whoSavedAProfileSeesItWithoutALoad() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              int version = here.users().find(zoe.id()).orElseThrow().version();
              ProfileChange change = new ProfileChange("Zoe " + (version + 1), "");
              User saved = here.users().updateProfile(zoe.id(), version, change);
              assertThat(here.sources(() -> seesHere(saved)))
                  .containsExactly(Source.NEAR, Source.NEAR);
            });
  }

  /**
   * What one node or another program changes of a person's settings is all that is loaded again.
   */
  @Test
  void aSettingIsChangedAndTheOthersAreNotReadAgain() throws SQLException {
    ProfileSettings mine = here.bean(ProfileSettings.class);
    mine.prepare(zoe.id());
    mine.choose(zoe.id(), "theme", "dark");
    for (MonolithNode node : List.of(here, there)) {
      node.awaitCurrent();
      awaitHits(node, () -> settingsAt(node), 3);
    }
    mine.choose(zoe.id(), "page-size", "50");
    there.awaitCurrent();
    assertThat(there.sources(() -> othersThanPageSize(there))).doesNotContain(Source.LOADED);
    assertThat(here.sources(() -> othersThanPageSize(here))).doesNotContain(Source.LOADED);
    assertThat(settingsAt(there)).containsExactly("dark", "50", "yes");

    asAnotherProgram(
        "update profile_settings set value = 'no' where name = 'show-views' and user_id = "
            + zoe.id());
    for (MonolithNode node : List.of(here, there)) {
      await()
          .atMost(BOUND)
          .untilAsserted(() -> assertThat(settingsAt(node)).containsExactly("dark", "50", "no"));
    }
    mine.choose(zoe.id(), "page-size", "100");
    there.awaitCurrent();
    assertThat(there.sources(() -> othersThanPageSize(there))).doesNotContain(Source.LOADED);
    asAnotherProgram("delete from profile_settings where user_id = " + zoe.id());
    await()
        .atMost(BOUND)
        .untilAsserted(() -> assertThat(settingsAt(there)).containsExactly("system", "20", "yes"));
  }

  private List<String> settingsAt(MonolithNode node) {
    ProfileSettings settings = node.bean(ProfileSettings.class);
    return Stream.of("theme", "page-size", "show-views")
        .map(name -> settings.value(zoe.id(), name))
        .toList();
  }

  private void othersThanPageSize(MonolithNode node) {
    ProfileSettings settings = node.bean(ProfileSettings.class);
    Stream.of("theme", "show-views").forEach(name -> settings.value(zoe.id(), name));
  }

  @Test
  void aFirstChoiceOnTwoNodesAtOnce() {
    List<CompletableFuture<Integer>> choices =
        Stream.of(here, there)
            .map(
                node ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          Visitor herself = node.visitor();
                          herself.signIn(zoe.handle(), PASSWORD);
                          return herself
                              .post("/settings", "/settings/theme", Map.of("value", "dark"))
                              .statusCode();
                        }))
            .toList();
    assertThat(choices).extracting(CompletableFuture::join).containsOnly(302);
    assertThat(here.bean(ProfileSettings.class).value(zoe.id(), "theme")).isEqualTo("dark");
  }

  private void seesHere(User saved) {
    assertThat(here.users().find(saved.id())).contains(saved);
    assertThat(here.users().findByHandle(saved.handle())).contains(saved);
  }

  private String nameThere() {
    return there.users().find(zoe.id()).orElseThrow().displayName();
  }

  /** Returns when all calls are answered by a cache. */
  private static void awaitHits(MonolithNode node, Runnable calls, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(node.sources(calls)).hasSize(count).doesNotContain(Source.LOADED));
  }

  /**
   * Has all pages that show a person served from the other node's cache, and wrong by what is about
   * to be written; writes; and has them right within the bound.
   */
  private static void everyPageIsRight(
      String after, String handle, Predicate<String> right, Write write) {
    List<String> pages = List.of("/", "/users?page=2", "/users?q=" + handle, "/users/" + handle);
    Visitor guest = there.visitor();
    Visitor member = there.visitor();
    member.signIn("crowd-1", "x");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> assertThat(pages).allSatisfy(page -> isKeptAndNot(right, guest.get(page))));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> assertThat(pages).allSatisfy(page -> isCachedAndNot(right, member.get(page))));
    run(write);
    long written = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(BOUND)
        .untilAsserted(
            () ->
                assertThat(pages)
                    .allSatisfy(
                        page -> {
                          assertThat(guest.get(page).body()).matches(right, "is right");
                          assertThat(member.get(page).body()).matches(right, "is right");
                        }));
    log.info(
        "All pages are right {} ms after {}", (System.nanoTime() - written) / 1_000_000, after);
  }

  private static void run(Write write) {
    try {
      write.run();
    } catch (Exception e) {
      throw new AssertionError("The write failed", e);
    }
  }

  /**
   * A guest's page was kept whole; or, of a search and of nobody, made of what is. With what is
   * about to change.
   */
  private static void isKeptAndNot(Predicate<String> right, HttpResponse<String> page) {
    if (page.statusCode() == 404
        || String.valueOf(page.request().uri().getQuery()).startsWith("q=")) {
      isCachedAndNot(right, page);
    } else {
      assertThat(page.headers().firstValue("Cache-Status")).hasValue("larder; hit");
      assertThat(page.body()).doesNotMatch(right);
    }
  }

  /** A page's cached calls were answered by a cache, and with what is about to change. */
  private static void isCachedAndNot(Predicate<String> right, HttpResponse<String> page) {
    String timing = page.headers().firstValue("Server-Timing").orElse("");
    assertThat(timing).matches("(cache-(near|remote);desc=\"\\d calls?\";dur=[0-9.]+(, )?)+");
    int calls =
        Pattern.compile("(\\d) calls?")
            .matcher(timing)
            .results()
            .mapToInt(found -> Integer.parseInt(found.group(1)))
            .sum();
    assertThat(calls).as(page.uri() + ": " + timing).isEqualTo(callsOf(page));
    assertThat(page.body()).doesNotMatch(right);
  }

  /** Returns how many cached calls a page is made of. */
  private static int callsOf(HttpResponse<String> page) {
    int viewer = page.body().contains("Sign out") ? 1 : 0;
    String path = page.uri().getPath();
    if (path.equals("/")) {
      // The newest and the trending ones.
      return viewer + 2;
    }
    if (page.statusCode() == 404) {
      return viewer + 1;
    }
    if (path.equals("/users")) {
      // Those on it, and how many the viewer wants.
      return 2 * viewer + 1;
    }
    // The user, their two counters, whether their looks are shown and how many there are; and whom
    // the viewer follows.
    return 5 + 2 * viewer;
  }

  private static Predicate<String> showing(String text) {
    return body -> body.contains(text);
  }

  private String renaming() {
    return "update users set display_name = 'Zoe After' where id = " + zoe.id();
  }

  private Map<String, String> saying(String displayName) {
    return Map.of(
        "id", "" + zoe.id(), "version", "" + zoe.version(), "displayName", displayName, "bio", "");
  }

  private static void asOwner(String sql) throws SQLException {
    try (Connection connection = nodes.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connectAsAnother() throws SQLException {
    return DriverManager.getConnection(nodes.database().url(), OTHER, "other");
  }

  private static void asAnotherProgram(String sql) throws SQLException {
    try (Connection connection = connectAsAnother();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void copyAsAnother(String rows) throws SQLException, IOException {
    try (Connection connection = connectAsAnother()) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "copy users (handle, email, display_name, password_hash, created_at, updated_at)"
                  + " from stdin",
              new ByteArrayInputStream(rows.getBytes(UTF_8)));
    }
  }
}
