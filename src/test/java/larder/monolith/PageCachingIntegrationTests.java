package larder.monolith;

import static java.nio.charset.StandardCharsets.UTF_8;
import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.person;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import larder.cache.page.Bypass;
import larder.cache.page.NotKept;
import larder.cache.page.Oddities;
import larder.cache.page.PageCounts;
import larder.cache.page.PageFilter;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.monolith.users.User;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Two nodes keep pages for guests: nobody gets what is another's, and no page is staler than what
 * it is made of.
 */
class PageCachingIntegrationTests {

  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CROWD = 16;

  private static final Database DATABASE = TestServers.freshDatabase();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ExecutorService PEOPLE = Executors.newFixedThreadPool(CROWD);

  private static RedisServer redis;
  private static MonolithNode here;
  private static MonolithNode there;

  @BeforeAll
  static void start() {
    redis = TestServers.separateRedis();
    here = node();
    there = node();
  }

  private static MonolithNode node() {
    return MonolithNode.start(
        DATABASE,
        redis,
        application ->
            application.addInitializers(
                created -> {
                  ((GenericApplicationContext) created).registerBean(Oddities.Weather.class);
                  ((GenericApplicationContext) created).registerBean(Oddities.Names.class);
                  ((GenericApplicationContext) created).registerBean(Oddities.Fragments.class);
                  ((GenericApplicationContext) created).registerBean(Oddities.class);
                }));
  }

  @AfterAll
  static void stop() {
    PEOPLE.shutdownNow();
    here.close();
    there.close();
    redis.close();
  }

  @BeforeEach
  void beginWell() {
    here.awaitCurrent();
    there.awaitCurrent();
    open().countDown();
  }

  // Two people.

  @Test
  void whoIsSignedInAndWhoIsNotNeverGetEachOthersPages() {
    User user = here.users().signUp(somebody());
    Visitor member = here.visitor();
    Visitor guest = here.visitor();
    member.signIn(user.handle(), PASSWORD);

    for (String page : List.of("/", "/users", "/users/" + user.handle())) {
      for (int round = 0; round < 3; round++) {
        HttpResponse<String> own = member.get(page);
        HttpResponse<String> others = guest.get(page);
        assertThat(own.body()).contains("Sign out", "Your profile: ").doesNotContain("Join</a>");
        assertThat(status(own)).isEqualTo("larder; fwd=bypass; detail=signed-in");
        assertThat(others.body()).contains("Join</a>").doesNotContain("Sign out", "Your profile: ");
      }
      awaitKept(here, page);
      assertThat(member.get(page).body()).contains("Sign out");
      assertThat(member.get(page).headers().firstValue("Cache-Control").orElse(""))
          .contains("no-store");
    }
  }

  @Test
  void twoPeopleAskForEachOthersProfilesAtTheSameTime() {
    User ann = here.users().signUp(somebody());
    User ben = here.users().signUp(somebody());
    Visitor asAnn = here.visitor();
    Visitor asBen = here.visitor();
    asAnn.signIn(ann.handle(), PASSWORD);
    asBen.signIn(ben.handle(), PASSWORD);
    String page = "/users/" + ann.handle();
    List<CompletableFuture<Void>> all = new ArrayList<>();

    for (int i = 0; i < 30; i++) {
      all.add(
          CompletableFuture.runAsync(
              () -> assertThat(asAnn.get(page).body()).contains("Edit profile", ann.handle()),
              PEOPLE));
      all.add(
          CompletableFuture.runAsync(
              () ->
                  assertThat(asBen.get(page).body())
                      .contains("site-handle\">" + ben.handle())
                      .doesNotContain("Edit profile"),
              PEOPLE));
      all.add(
          CompletableFuture.runAsync(
              () ->
                  assertThat(text(get(here, page)))
                      .contains("Join</a>")
                      .doesNotContain("Edit profile", "Sign out"),
              PEOPLE));
    }

    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
  }

  @Test
  void aSignInEndsWhatABrowserHasKeptOfAPage() {
    User user = here.users().signUp(somebody());
    Visitor visitor = here.visitor();
    String kept = tag(awaitKept(here, "/"));
    visitor.signIn(user.handle(), PASSWORD);

    assertThat(visitor.get("/", "If-None-Match", kept).statusCode()).isEqualTo(200);
    assertThat(visitor.get("/", "If-None-Match", kept).body()).contains("Sign out");
    visitor.post("/", "/logout", Map.of());
    assertThat(visitor.get("/").body()).contains("Sign in").doesNotContain("Sign out");
  }

  @Test
  void aMessageIsSeenByTheOneItIsForAndOnce() {
    User user = here.users().signUp(somebody());
    Visitor visitor = here.visitor();
    visitor.signIn(user.handle(), PASSWORD);
    String form = "/users/" + user.handle() + "/delete";
    Map<String, String> fields = Map.of("id", "" + user.id(), "confirmation", user.handle());
    String message = "@" + user.handle() + " is deleted";
    long before = count(Bypass.FLASH);

    assertThat(visitor.post(form, form, fields).statusCode()).isEqualTo(302);

    assertThat(text(get(here, "/"))).doesNotContain(message);
    HttpResponse<String> own = visitor.get("/");
    assertThat(own.body()).contains(message);
    assertThat(status(own)).isEqualTo("larder; fwd=bypass; detail=flash");
    assertThat(text(get(here, "/"))).doesNotContain(message);
    assertThat(visitor.get("/").body()).doesNotContain(message);
    assertThat(count(Bypass.FLASH)).isEqualTo(before + 1);
  }

  @Test
  void whatIsNotDeclaredIsNotThere() {
    String path = "/odd/visitor?p=1&q=abc";
    String[] first = {
      "X-Colour", "red",
      "User-Agent", "marked",
      "Cookie", "theme=marked; larder-session=marked",
      "Accept-Language", "de-AT",
      "X-Forwarded-Host", "marked.example",
      "X-Forwarded-For", "9.9.9.9",
      "X-Forwarded-Prefix", "/marked",
      "X-Original-URL", "/marked",
      "X-HTTP-Method-Override", "POST",
      "Forwarded", "host=marked.example",
      "Range", "bytes=0-3",
      "Time-Zone", "marked",
    };

    HttpResponse<byte[]> poisoned = get(here, path, first);
    HttpResponse<byte[]> clean = get(here, path, "X-Colour", "red");

    assertThat(text(poisoned)).doesNotContain("marked", "de-AT", "de_AT", "127.0.0.1");
    assertThat(text(poisoned)).contains("p=1", "colour=red", "headers=[x-colour]", "method=GET");
    assertThat(text(clean)).isEqualTo(text(poisoned));
    assertThat(status(clean)).isEqualTo("larder; hit");
    assertThat(text(get(here, path, "X-Colour", "blue"))).contains("colour=blue");
    assertThat(text(get(here, path))).contains("colour=null");
    assertThat(clean.headers().allValues("Vary"))
        .contains("Cookie, Authorization, Accept-Encoding, x-colour");
  }

  @Test
  void parametersInAnyOrderAreOnePageAndOthersAreNone() {
    HttpResponse<byte[]> kept = awaitKept(here, "/odd/visitor?p=%C3%A9&q=x");

    assertThat(text(kept)).contains("p=é", "query=p=%C3%A9&q=x");
    assertThat(status(get(here, "/odd/visitor?q=x&p=%c3%A9"))).isEqualTo("larder; hit");
    for (String other :
        List.of("?p=1&evil=1", "?q=1", "?q=abcd", "?p=" + "x".repeat(101), "?p=1&q=x&q=9")) {
      HttpResponse<byte[]> answer = get(here, "/odd/visitor" + other);
      assertThat(status(answer)).isEqualTo("larder; fwd=bypass; detail=parameters");
    }
    assertThat(text(get(here, "/odd/visitor?p=1&evil=1"))).contains("evil=1");
  }

  @ParameterizedTest
  @CsvSource({
    "'', /odd/visit%6Fr, path",
    "Authorization, /odd/visitor, signed-in",
    "Accept, /odd/visitor, accept"
  })
  void whatIsNotAGuestsPlainRequestIsAnsweredPast(String header, String path, String detail) {
    HttpResponse<byte[]> answer =
        header.isEmpty() ? get(here, path) : get(here, path, header, "application/json");

    assertThat(status(answer)).isEqualTo("larder; fwd=bypass; detail=" + detail);
  }

  @Test
  void aRequestWithABodyIsAnsweredPast() {
    HttpResponse<byte[]> answer =
        send(
            request(here, "/odd/visitor")
                .method("GET", BodyPublishers.ofString("evil=1"))
                .header("Content-Type", "application/x-www-form-urlencoded"));

    assertThat(status(answer)).isEqualTo("larder; fwd=bypass; detail=body");
  }

  @ParameterizedTest
  @CsvSource({
    "/odd/cookie, COOKIE",
    "/odd/session, SESSION",
    "/odd/token, CSRF",
    "/odd/not-stored, CACHE_CONTROL",
    "/odd/host, ADDRESS",
    "/odd/large, SIZE",
    "/odd/forward, FORWARD"
  })
  void aPageOfOnePersonIsNeverKept(String path, NotKept reason) {
    long before = here.bean(PageCounts.class).notKept(reason);
    Set<String> bodies = new HashSet<>();

    for (int i = 0; i < 4; i++) {
      HttpResponse<byte[]> answer = get(here, path);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(status(answer)).isNotEqualTo("larder; hit");
      assertThat(answer.headers().firstValue("ETag")).isEmpty();
      bodies.add(text(answer));
    }

    assertThat(here.bean(PageCounts.class).notKept(reason)).isEqualTo(before + 1);
    assertThat(bodies).hasSize(reason == NotKept.ADDRESS ? 1 : 4);
    assertThat(bodies).noneMatch(String::isEmpty);
    assertThat(redis.command("KEYS", "*odd-pages*" + path + "*")).doesNotContain(path);
  }

  @Test
  void aLargePageArrivesWhole() {
    assertThat(text(get(here, "/odd/large"))).hasSize(Oddities.LARGE + 36);
  }

  @Test
  void otherAnswersThanPagesAreGivenAsTheyAreAndNeverKept() {
    HttpResponse<byte[]> away = get(here, "/odd/away");
    assertThat(away.statusCode()).isEqualTo(302);
    assertThat(away.headers().firstValue("Location")).isPresent();
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> broken = get(here, "/odd/broken");
      assertThat(broken.statusCode()).isEqualTo(503);
      assertThat(broken.headers().firstValue("ETag")).isEmpty();
      assertThat(get(here, "/odd/thrown").statusCode()).isEqualTo(500);
      HttpResponse<byte[]> nobody = get(here, "/users/nobody-is-called-so");
      assertThat(nobody.statusCode()).isEqualTo(404);
      assertThat(text(nobody)).contains("Nobody is called @nobody-is-called-so");
    }
    assertThat(here.bean(Oddities.class).made.get()).isEqualTo(3);
    User late = here.users().signUp(person("nobody-is-called-so"));
    assertThat(text(get(here, "/users/" + late.handle()))).contains(late.displayName());
  }

  @Test
  void whoeverWaitsForAPageThatIsNotKeptGetsOneOfTheirOwn() {
    CountDownLatch gate = open();
    long missed = absences(there);
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      all.add(CompletableFuture.supplyAsync(() -> get(there, "/odd/cookie"), PEOPLE));
    }
    await().atMost(PATIENCE).until(() -> absences(there) >= missed + CROWD);
    gate.countDown();

    Set<String> secrets = new HashSet<>();
    for (CompletableFuture<HttpResponse<byte[]>> one : all) {
      HttpResponse<byte[]> answer = one.join();
      assertThat(answer.headers().firstValue("Set-Cookie"))
          .hasValueSatisfying(cookie -> assertThat(cookie).isEqualTo("secret=" + text(answer)));
      secrets.add(text(answer));
    }
    assertThat(secrets).hasSize(CROWD);
  }

  private static long absences(MonolithNode node) {
    return node.bean(Statistics.class).of("odd-pages").misses(Miss.ABSENT);
  }

  @Test
  void aPageWithAddressesIsOneForEachHost() {
    String port = ":" + here.port() + "/odd/by-host";

    for (int i = 0; i < 2; i++) {
      assertThat(text(get(here, "/odd/by-host"))).isEqualTo("http://127.0.0.1" + port);
      HttpResponse<byte[]> other =
          send(HttpRequest.newBuilder(URI.create("http://localhost" + port)).GET());
      assertThat(text(other)).isEqualTo("http://localhost" + port);
      assertThat(status(other)).isEqualTo(i == 0 ? "larder; fwd=miss" : "larder; hit");
    }
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
    CountDownLatch gate = open();
    long missed = absences(here);
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      all.add(CompletableFuture.supplyAsync(() -> get(here, "/odd/slow?n=crowd"), PEOPLE));
    }
    await().atMost(PATIENCE).until(() -> absences(here) >= missed + CROWD);
    gate.countDown();

    Set<String> bodies = new HashSet<>();
    all.forEach(one -> bodies.add(text(one.join())));
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
    redis.kill();
    try {
      String name = "Renamed without Redis";
      assertThat(text(get(here, page))).contains(user.displayName());
      rename(user, name);
      await()
          .atMost(BOUND.plusSeconds(2))
          .untilAsserted(() -> assertThat(text(get(here, page))).contains(name));
      assertThat(get(here, "/").statusCode()).isEqualTo(200);
    } finally {
      redis.start();
    }
    here.awaitCurrent();
    awaitKept(here, page);
  }

  private static CountDownLatch open() {
    CountDownLatch gate = new CountDownLatch(1);
    here.bean(Oddities.class).gate = gate;
    there.bean(Oddities.class).gate = gate;
    return gate;
  }

  private static long count(Bypass reason) {
    return here.bean(PageCounts.class).bypasses(reason);
  }

  /** Asks until the page is kept, and returns it. */
  private static HttpResponse<byte[]> awaitKept(MonolithNode node, String page) {
    return await()
        .atMost(PATIENCE)
        .until(() -> get(node, page), answer -> "larder; hit".equals(status(answer)));
  }

  private static void rename(User user, String name) {
    String sql = "update users set display_name = ? where id = ?";
    try (Connection connection = DATABASE.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      statement.setLong(2, user.id());
      assertThat(statement.executeUpdate()).isEqualTo(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<byte[]> get(MonolithNode node, String path, String... headers) {
    HttpRequest.Builder request = request(node, path).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private static HttpRequest.Builder request(MonolithNode node, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
        .timeout(PATIENCE);
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static String tag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag").orElse("none");
  }

  private static String status(HttpResponse<?> answer) {
    return answer.headers().firstValue(PageFilter.STATUS).orElse("none");
  }
}
