package larder.monolith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import larder.cache.outbox.WatchedTables;
import larder.dev.servers.TestServers;
import larder.locks.Held;
import larder.locks.LockRequest;
import larder.locks.Locks;
import larder.locks.StaleFencingToken;
import larder.monolith.jobs.Housekeeping;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the monolith does by itself, and its page of locks. */
@MonolithTest
class JobsIntegrationTests {

  @LocalServerPort int port;
  @Autowired Housekeeping housekeeping;
  @Autowired Locks locks;
  @Autowired JdbcClient database;
  @Autowired WatchedTables watched;
  @Autowired Users users;

  /** The lock stays taken for some minutes after the job. */
  @BeforeEach
  void isDue() {
    TestServers.redis().command("HDEL", "{larder-monolith-tests:locks}:state", "lock:nightly");
  }

  @Test
  void theNightlyJobForgetsOldFencesOnOneNode() {
    database
        .sql("insert into larder_fences values ('old', 1, now() - interval '31 days')")
        .update();
    try (Held held = locks.acquire(nightly())) {
      housekeeping.run(null);
      assertThat(fences()).containsEntry("old", 1L);
      assertThat(held.isHeld()).isTrue();
    }
    housekeeping.run(null);
    assertThat(fences()).doesNotContainKey("old").containsKeys("nightly", "");
    assertThat(watched.isWatched("users")).isTrue();
    assertThat(watched.isWatched("larder_fences")).isFalse();
  }

  private static LockRequest nightly() {
    return new LockRequest("nightly", "", Duration.ZERO, Duration.ofSeconds(30), true);
  }

  private Map<String, Long> fences() {
    return database
        .sql("select name, token from larder_fences")
        .query((row, number) -> Map.entry(row.getString(1), row.getLong(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** A later owner has written meanwhile; the job's transaction ends without a trace. */
  @Test
  void aNightlyJobThatComesTooLateIsRefused() {
    housekeeping.run(null);
    database
        .sql("update larder_fences set token = token + 1000000 where name = 'nightly'")
        .update();
    housekeeping.run(null); // not due
    isDue();
    assertThatThrownBy(() -> housekeeping.run(null)).isInstanceOf(StaleFencingToken.class);
    database
        .sql("update larder_fences set token = token - 1000000 where name = 'nightly'")
        .update();
  }

  @Test
  void administratorsSeeLocks() {
    Visitor visitor = new Visitor(port);
    User administrator = users.signUp(People.somebody());
    database
        .sql("update users set administrator = true where id = ?")
        .param(administrator.id())
        .update();
    visitor.signIn(administrator.handle(), People.PASSWORD);
    try (Held held = locks.acquire(nightly())) {
      assertThat(visitor.get("/admin/locks").body())
          .contains("Locks can be taken", ">nightly<", "this node", "" + held.token().number());
    }
    assertThat(visitor.get("/admin/locks").body()).contains("Nobody holds it", "Last run here");
  }
}
