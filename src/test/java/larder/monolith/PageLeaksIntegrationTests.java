package larder.monolith;

import static larder.monolith.GuestRequests.awaitKept;
import static larder.monolith.GuestRequests.get;
import static larder.monolith.GuestRequests.request;
import static larder.monolith.GuestRequests.send;
import static larder.monolith.GuestRequests.status;
import static larder.monolith.GuestRequests.tag;
import static larder.monolith.GuestRequests.text;
import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import larder.cache.page.Bypass;
import larder.cache.page.NotKept;
import larder.cache.page.PageCounts;
import larder.dev.servers.RedisServer;
import larder.monolith.users.User;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes keep pages for guests, and nobody gets what is another's. */
class PageLeaksIntegrationTests {

  private static final int AT_ONCE = 16;

  private static ExecutorService people;
  private static TwoNodes nodes;
  private static RedisServer redis;
  private static MonolithNode here;
  private static MonolithNode there;

  @BeforeAll
  static void start() {
    people = Executors.newFixedThreadPool(AT_ONCE);
    nodes = TwoNodes.shared();
    redis = nodes.redis();
    here = nodes.here();
    there = nodes.there();
  }

  @AfterAll
  static void stop() {
    people.shutdownNow();
  }

  @BeforeEach
  void beginWell() {
    nodes.beginWell();
  }

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
              people));
      all.add(
          CompletableFuture.runAsync(
              () ->
                  assertThat(asBen.get(page).body())
                      .contains("site-handle\">" + ben.handle())
                      .doesNotContain("Edit profile"),
              people));
      all.add(
          CompletableFuture.runAsync(
              () ->
                  assertThat(text(get(here, page)))
                      .contains("Join</a>")
                      .doesNotContain("Edit profile", "Sign out"),
              people));
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
  void whoeverWaitsForAPageThatIsNotKeptGetsOneOfTheirOwn() {
    Set<String> secrets = new HashSet<>();
    for (HttpResponse<byte[]> answer : nodes.crowd(there, "/odd/cookie")) {
      assertThat(answer.headers().firstValue("Set-Cookie"))
          .hasValueSatisfying(cookie -> assertThat(cookie).isEqualTo("secret=" + text(answer)));
      secrets.add(text(answer));
    }
    assertThat(secrets).hasSize(TwoNodes.CROWD);
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

  private static long count(Bypass reason) {
    return here.bean(PageCounts.class).bypasses(reason);
  }
}
