package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import larder.cache.log.service.LogService;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The pages that have rate limits, over HTTP. */
@MonolithTest
class LimitedPagesIntegrationTests {

  private static final int FAILURES = 10;
  private static final int BURST = 40;

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired JdbcClient database;
  @Autowired LogService log;
  @Autowired MeterRegistry meters;

  @BeforeEach
  void redisAnswers() {
    await().until(log::isCurrent);
  }

  private static String field(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void signInIsRefusedAfterTooManyFailuresInAnySpellingAndKeepsTheName() {
    User user = users.signUp(somebody());
    Visitor visitor = new Visitor(port);
    for (int i = 0; i < FAILURES; i++) {
      String spelling = i % 2 == 0 ? user.handle() : user.handle().toUpperCase(Locale.ROOT) + " ";
      HttpResponse<String> failed = visitor.signIn(spelling, "wrong password");
      assertThat(failed.statusCode()).isEqualTo(401);
      assertThat(field(failed, "RateLimit-Policy"))
          .contains("\"sign-in-name\";q=10;w=900")
          .contains("\"sign-in-network\";q=10000;w=60");
      assertThat(field(failed, "RateLimit"))
          .contains("\"sign-in-name\";r=" + (FAILURES - 1 - i) + ";t=");
    }
    HttpResponse<String> refused = visitor.signIn(user.handle(), PASSWORD);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(field(refused, "Retry-After"))).isBetween(1, 15 * 60);
    assertThat(field(refused, "RateLimit")).contains("\"sign-in-name\";r=0;t=");
    assertThat(refused.body())
        .contains("Too many attempts to sign in", "Try again in", user.handle())
        .doesNotContain("do not go together", PASSWORD);
    assertThat(visitor.get("/").body()).doesNotContain("Sign out");

    assertThat(visitor.signIn(user.handle() + "@example.org", PASSWORD).statusCode())
        .as("the address, which nobody else knows")
        .isEqualTo(302);
  }

  @Test
  void signInsThatSucceedDoNotCountForTheName() {
    User user = users.signUp(somebody());
    for (int i = 0; i < FAILURES + 2; i++) {
      assertThat(new Visitor(port).signIn(user.handle(), PASSWORD).statusCode()).isEqualTo(302);
    }
  }

  @Test
  void machinesAreLimitedByTheirFailuresToo() throws Exception {
    User administrator = administrator();
    for (int i = 0; i < FAILURES + 2; i++) {
      assertThat(figures(administrator.handle(), PASSWORD).statusCode()).isEqualTo(200);
    }
    for (int i = 0; i < FAILURES; i++) {
      assertThat(figures(administrator.handle(), "wrong password").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> refused = figures(administrator.handle(), PASSWORD);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(field(refused, "Retry-After")).isNotEmpty();
  }

  private HttpResponse<String> figures(String name, String password)
      throws IOException, InterruptedException {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void searchIsRefusedByUserAndTheDirectoryIsNot() {
    Visitor visitor = signedIn(users.signUp(somebody()));
    HttpResponse<String> first = visitor.get("/users?q=ada");
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(field(first, "RateLimit-Policy")).isEqualTo("\"search\";q=120;w=60");
    assertThat(field(first, "RateLimit")).isEqualTo("\"search\";r=" + (BURST - 1) + ";t=1");

    double refusals = refusals();
    HttpResponse<String> last = first;
    for (int i = 0; i < 10_000 && last.statusCode() == 200; i++) {
      last = visitor.get("/users?q=ada");
    }
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(field(last, "Retry-After")).isEqualTo("1");
    assertThat(field(last, "RateLimit")).isEqualTo("\"search\";r=0;t=1");
    assertThat(last.body()).contains("That was too much at once", "1 s", "Sign out");
    assertThat(refusals()).isGreaterThan(refusals);

    assertThat(visitor.get("/users").statusCode()).isEqualTo(200);
    assertThat(visitor.get("/users?q=").headers().firstValue("RateLimit")).isEmpty();
    assertThat(signedIn(users.signUp(somebody())).get("/users?q=ada").statusCode()).isEqualTo(200);
  }

  private double refusals() {
    return meters
        .get("larder.limits")
        .tag("limit", "search")
        .tag("outcome", "refused")
        .functionCounter()
        .count();
  }

  private Visitor signedIn(User user) {
    Visitor visitor = new Visitor(port);
    assertThat(visitor.signIn(user.handle(), PASSWORD).statusCode()).isEqualTo(302);
    return visitor;
  }

  @Test
  void signUpTellsItsLimitByAddress() {
    HttpResponse<String> answer =
        new Visitor(port).post("/signup", "/signup", Map.of("handle", "?", "password", "x"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(field(answer, "RateLimit-Policy")).isEqualTo("\"sign-up\";q=10000;w=3600");
  }

  @Test
  void administratorsSeeRulesAndCounts() {
    Visitor administrator = signedIn(administrator());
    assertThat(administrator.get("/admin/limits").body())
        .contains("Over all nodes.", "sign-in-name", "10 in 15 min", "sliding window")
        .contains("DirectoryController.directory, by user", "token bucket, 40 at once")
        .contains("changed by a setting", "each node by itself", "let through");
    assertThat(administrator.get("/admin/caches").body()).contains("href=\"/admin/limits\"");
    Visitor member = signedIn(users.signUp(somebody()));
    assertThat(member.get("/admin/limits").statusCode()).isEqualTo(403);
    assertThat(new Visitor(port).get("/admin/limits").statusCode()).isEqualTo(302);
  }

  private User administrator() {
    User administrator = users.signUp(somebody());
    database
        .sql("update users set administrator = true where id = ?")
        .param(administrator.id())
        .update();
    return administrator;
  }
}
