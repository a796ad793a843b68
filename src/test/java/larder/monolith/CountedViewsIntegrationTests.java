package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import larder.cache.outbox.WatchedTables;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import larder.monolith.views.ProfileViews;
import larder.writebehind.DeadLetters;
import larder.writebehind.WriteBehindBuffers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cache.CacheManager;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks at profiles are counted behind the pages, and administrators see how. */
@MonolithTest
@ExtendWith(OutputCaptureExtension.class)
class CountedViewsIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PAGE = "/admin/write-behind";

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired ProfileViews views;
  @Autowired JdbcClient database;
  @Autowired WriteBehindBuffers buffers;
  @Autowired DeadLetters dead;
  @Autowired CacheManager caches;
  @Autowired MeterRegistry meters;
  @Autowired WatchedTables watched;

  private Visitor visitor(User user) {
    Visitor visitor = new Visitor(port);
    visitor.signIn(user.handle(), PASSWORD);
    return visitor;
  }

  private User somebody() {
    return users.signUp(People.somebody());
  }

  private Visitor administrator() {
    User user = somebody();
    database.sql("update users set administrator = true where id = ?").param(user.id()).update();
    return visitor(user);
  }

  private long counted(User user) {
    return database
        .sql("select coalesce(sum(views), 0) from profile_views where user_id = ?")
        .param(user.id())
        .query(Long.class)
        .single();
  }

  private void awaitCounted(User user, long looks) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(counted(user)).isEqualTo(looks));
  }

  @Test
  void looksOfOthersAreCountedAndShown(CapturedOutput output) {
    User viewed = somebody();
    String path = "/users/" + viewed.handle();
    Visitor own = visitor(viewed);
    Visitor other = visitor(somebody());
    own.get(path);
    for (int i = 0; i < 3; i++) {
      other.get(path);
      new Visitor(port).get(path);
    }
    own.get(path);
    awaitCounted(viewed, 6);
    Objects.requireNonNull(caches.getCache("profile-views")).clear();
    assertThat(own.get(path).body()).contains("<dd>6 times</dd>");
    assertThat(watched.isWatched("profile_views")).isFalse();
    assertThat(output).doesNotContain("nobody can name", "a batch is to be tried again");
    assertThat(
            meters
                .get("larder.writebehind.applied")
                .tag("buffer", "profile-views")
                .functionCounter())
        .satisfies(counter -> assertThat(counter.count()).isGreaterThanOrEqualTo(6));
  }

  @Test
  void looksAtSomebodyWhoLeftAreGivenUp() {
    User gone = somebody();
    User stays = somebody();
    new Visitor(port).get("/users/" + gone.handle());
    new Visitor(port).get("/users/" + stays.handle());
    users.delete(gone.id());
    awaitCounted(stays, 1);
    await().atMost(PATIENCE).until(() -> buffers.reports().get(0).length() == 0);
    assertThat(counted(gone)).isZero();
    assertThat(dead.counts()).isEmpty();
  }

  @Test
  void administratorsRetryAndDiscard() {
    Visitor administrator = administrator();
    User viewed = somebody();
    long first = putAside("{\"userId\":%d,\"day\":\"2026-01-02\"}".formatted(viewed.id()));
    long second = putAside("garbage");
    assertThat(administrator.get(PAGE).body())
        .contains("profile-views", "In good order.", "SQLSTATE 23505", "Retry all of profile-views")
        .doesNotContain("garbage");

    post(administrator, "/retry", first);
    assertThat(administrator.get(PAGE).body()).contains("The write is applied.");
    assertThat(counted(viewed)).isEqualTo(1);
    post(administrator, "/retry", second);
    assertThat(administrator.get(PAGE).body())
        .contains("The write has failed again.", "Undecodable");
    HttpResponse<String> all =
        administrator.post(PAGE, PAGE + "/retry-all", Map.of("buffer", "profile-views"));
    assertThat(all.statusCode()).isEqualTo(302);
    post(administrator, "/discard", second);
    assertThat(administrator.get(PAGE).body())
        .contains("The write is discarded.", "Nothing. A write that fails");
    assertThat(dead.counts()).isEmpty();
  }

  @Test
  void nobodyElseMay() {
    Visitor member = visitor(somebody());
    assertThat(member.get(PAGE).statusCode()).isEqualTo(403);
    assertThat(post(member, "/discard", 1).statusCode()).isEqualTo(403);
    assertThat(new Visitor(port).get(PAGE).statusCode()).isEqualTo(302);
    Visitor administrator = administrator();
    assertThat(administrator.postWithoutToken(PAGE + "/discard", Map.of("id", "1")).statusCode())
        .isEqualTo(403);
    assertThat(administrator.get("/admin/caches").body()).contains(PAGE);
  }

  private static HttpResponse<String> post(Visitor visitor, String what, long id) {
    return visitor.post(PAGE, PAGE + what, Map.of("id", "" + id));
  }

  private long putAside(String payload) {
    return database
        .sql(
            """
            insert into larder_writebehind_dead (buffer, part, epoch, entry, payload, error)
            values ('profile-views', 0, '', gen_random_uuid()::text, convert_to(?, 'UTF8'),
              'DataIntegrityViolationException, SQLSTATE 23505')
            returning id
            """)
        .param(payload)
        .query(Long.class)
        .single();
  }
}
