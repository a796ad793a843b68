package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import larder.cache.log.service.LogService;
import larder.cache.manager.LarderCacheManager;
import larder.cache.policy.PolicyCatalog;
import larder.dev.servers.TestServers;
import larder.locks.Locks;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Health, metrics and the endpoint of the caches, as machines and administrators ask for them. */
@MonolithTest
class FiguresIntegrationTests {

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired JdbcClient database;
  @Autowired LogService log;
  @Autowired PolicyCatalog policies;
  @Autowired LarderCacheManager caches;
  @Autowired Locks locks;

  private User administrator;

  @BeforeEach
  void thereIsAnAdministrator() {
    administrator = users.signUp(somebody());
    database
        .sql("update users set administrator = true where id = ?")
        .param(administrator.id())
        .update();
    await().until(log::isCurrent);
  }

  @Test
  void anybodyMayAskWhetherItIsHealthyButNotWhy() {
    HttpResponse<String> answer = get("/actuator/health", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"status\":\"UP\"").doesNotContain("redis");
    assertThat(get("/actuator/health/readiness", null).statusCode()).isEqualTo(200);
  }

  @Test
  void anAdministratorIsToldWhatTheCachesKnow() {
    assertThat(get("/actuator/health", administrator).body())
        .contains("\"larder\":{\"details\":{")
        .contains("\"redis\":\"answers\"", "\"current\":true", "\"level\":\"OUTBOX\"");
  }

  @Test
  void figuresAreForAdministratorsOnly() {
    User somebody = users.signUp(somebody());
    for (String path : new String[] {"/actuator/prometheus", "/actuator/larder", "/actuator"}) {
      assertThat(get(path, null).statusCode()).as(path).isEqualTo(401);
      assertThat(get(path, somebody).statusCode()).as(path).isEqualTo(403);
      assertThat(get(path, administrator).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void countsHitsByTierAndMissesByReason() {
    User user = users.signUp(somebody());
    double hits = metric("cache_gets_total", "cache=\"users\"", "result=\"hit\"", "tier=\"near\"");
    double absent = metric("cache_gets_total", "cache=\"users\"", "reason=\"absent\"");
    double loads = metric("larder_loads_seconds_count", "cache=\"users\"");
    users.find(-user.id());
    users.find(user.id());
    users.find(user.id());
    assertThat(metric("cache_gets_total", "cache=\"users\"", "result=\"hit\"", "tier=\"near\""))
        .isGreaterThan(hits);
    assertThat(metric("cache_gets_total", "cache=\"users\"", "reason=\"absent\""))
        .isGreaterThan(absent);
    assertThat(metric("larder_loads_seconds_count", "cache=\"users\"")).isGreaterThan(loads);
  }

  @Test
  void tellsWhatThisNodeKnows() {
    assertThat(metric("larder_degraded")).isZero();
    assertThat(metric("larder_redis_available")).isEqualTo(1);
    assertThat(metric("larder_log_position")).isPositive();
    assertThat(metric("larder_currentness_age_seconds")).isBetween(0.0, 2.0);
    assertThat(metric("larder_near_size_bytes")).isPositive();
    await().untilAsserted(() -> assertThat(metric("larder_redis_memory_used_bytes")).isPositive());
    assertThat(metric("larder_redis_memory_max_bytes")).isEqualTo(128 * 1024 * 1024);
    assertThat(metric("larder_redis_keyspace_hits_total")).isNotNegative();
  }

  @Test
  void measuresWhatCallersWaitForAndWhatGoesOnBehindTheirBacks() {
    User user = users.signUp(somebody());
    users.find(-user.id());
    String cache = "cache=\"users\"";
    assertThat(metric("larder_remote_get_seconds_count", cache)).isPositive();
    assertThat(metric("larder_remote_get_seconds_bucket", cache, "le=\"+Inf\"")).isPositive();
    assertThat(metric("larder_load_seconds_count", cache)).isPositive();
    assertThat(metric("larder_log_append_seconds_count")).isPositive();
    await().until(() -> metric("larder_remote_set_seconds_count") > 0);
    await().until(() -> metric("larder_log_delivery_seconds_count") > 0);
    assertThat(names()).contains("larder_consistency_checks_total");
    assertThat(metric("larder_consistency_mismatches_total")).isZero();
  }

  @Test
  void measuresPagesAndSignInsButNotEachFilterOnTheWay() {
    assertThat(get("/users", null).statusCode()).isEqualTo(200);
    assertThat(names())
        .contains("http_server_requests_seconds_count")
        .contains("spring_security_authentications_seconds_count")
        .filteredOn(name -> name.startsWith("spring_security"))
        .allMatch(name -> name.startsWith("spring_security_authentications"));
  }

  @Test
  void tellsWhatIsUnderWay() {
    assertThat(names()).contains("larder_log_lag");
    assertThat(metric("larder_outbox_relay")).isEqualTo(1);
    await().until(() -> metric("larder_outbox_depth") >= 0);
  }

  @Test
  void showsWhatIsUnderAKeyAndEvictsIt() {
    User user = users.signUp(somebody());
    users.find(user.id());
    String path = "/actuator/larder/users/" + user.id();
    assertThat(get(path, administrator).body())
        .contains("\"tier\":\"near\"", "\"complete\":true", "\"position\"")
        .contains("\"value\":{", "\"handle\":\"" + user.handle() + "\"");
    assertThat(get("/actuator/larder/users", administrator).body())
        .contains("\"ttl\":\"PT1H\"", "\"hits\"", "\"misses\"", "\"findings\":[");
    assertThat(get("/actuator/larder", administrator).body())
        .contains("\"caches\":{\"", "\"users\":{\"policy\"", "}},\"findings\":[")
        .doesNotContain("\"rule\":\"ttl-", "\"about\":\"METHOD\"");
    assertThat(get("/actuator/larder/nothing", administrator).statusCode()).isEqualTo(404);

    assertThat(send("DELETE", path, administrator).statusCode()).isEqualTo(204);
    assertThat(get(path, administrator).body()).doesNotContain("\"tier\":\"near\"");
  }

  @Test
  void raisesTheVersionOfACacheWhileTheApplicationRuns() {
    User user = users.signUp(somebody());
    users.find(user.id());
    int version = policies.policy("users").version();
    String path = "/actuator/larder/users";
    assertThat(post(path, "{\"version\":" + version + "}").statusCode()).isEqualTo(400);
    assertThat(post(path, "{\"version\":" + (version + 1) + "}").body())
        .isEqualTo("{\"version\":" + (version + 1) + ",\"failure\":null}");

    assertThat(get(path + "/" + user.id(), administrator).body()).isEqualTo("[]");
    users.find(user.id());
    assertThat(get(path + "/" + user.id(), administrator).body()).contains("\"tier\":\"near\"");
    String key = caches.keyPrefix("users") + "v" + (version + 1) + ":" + user.id();
    await().until(() -> TestServers.redis().command("EXISTS", key).equals("1"));
  }

  /** Whoever asks for what is not there gets an empty plot and an alert that never fires. */
  @Test
  void theAlertsAndTheDashboardNameOnlyWhatIsExported() throws IOException {
    // A lock has figures when it was first asked for.
    locks.figures("figures");
    users.find(users.signUp(somebody()).id());
    await().until(() -> metric("larder_redis_memory_max_bytes") > 0);
    await().until(() -> metric("larder_log_delivery_seconds_count") > 0);
    List<String> exported = names();
    for (String file : List.of("alerts.yaml", "dashboard.json")) {
      String text = Files.readString(Path.of("src/docs/monitoring", file));
      List<String> named =
          Pattern.compile("\\b(larder|cache)_[a-z_]+\\b(?=[{\\[) ])")
              .matcher(text)
              .results()
              .map(MatchResult::group)
              .distinct()
              .toList();
      assertThat(named).as(file).hasSizeGreaterThan(8);
      assertThat(exported).as(file).containsAll(named);
    }
  }

  private List<String> names() {
    return get("/actuator/prometheus", administrator)
        .body()
        .lines()
        .map(line -> line.split("[{ ]", 2)[0])
        .distinct()
        .toList();
  }

  private double metric(String name, String... labels) {
    return get("/actuator/prometheus", administrator)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(
            line -> {
              for (String label : labels) {
                if (!line.contains(label)) {
                  return false;
                }
              }
              return true;
            })
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private HttpResponse<String> get(String path, @Nullable User user) {
    return send("GET", path, user);
  }

  private HttpResponse<String> post(String path, String json) {
    return send("POST", path, administrator, HttpRequest.BodyPublishers.ofString(json));
  }

  private HttpResponse<String> send(String method, String path, @Nullable User user) {
    return send(method, path, user, HttpRequest.BodyPublishers.noBody());
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable User user, HttpRequest.BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .method(method, body);
    if (user != null) {
      byte[] credentials = (user.handle() + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    try {
      return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(method + " " + path, e);
    }
  }
}
