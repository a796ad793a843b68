package larder.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.Keyspace;
import larder.redis.RedisWay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.UuidSessionIdGenerator;

/** What sessions in Redis promise, on two nodes and through each way in which Redis fails. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class StoredSessionsIntegrationTests {

  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final String OWNER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;
  private static final String ALL = "{shop:session}:";

  private static RedisServer redis;
  private static RedisWay client;
  private static RedisWay impatient;

  private Sessions here;
  private Sessions there;

  private static RedisWay connect(Duration deadline) {
    return RedisWay.open(RedisWay.single(redis.url()), "shop", deadline);
  }

  /** What an application puts into sessions. */
  record Basket(String fruit, int pieces) {

    Basket {
      Objects.requireNonNull(fruit);
    }
  }

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    client = connect(Duration.ofSeconds(5));
    impatient = connect(Duration.ofMillis(100));
  }

  @AfterAll
  static void disconnect() {
    client.close();
    impatient.close();
    redis.close();
  }

  @BeforeEach
  void begin() {
    redis.flush();
    here = sessions(client);
    there = sessions(client);
  }

  @AfterEach
  void mend() {
    redis.start();
    redis.resume();
    redis.command("CONFIG", "SET", "maxmemory", "128mb");
    redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
    redis.command("REPLICAOF", "NO", "ONE");
    await().until(() -> client.calls().isAvailable() && impatient.calls().isAvailable());
    RequestSessions.end();
  }

  private static Sessions sessions(RedisWay client) {
    return Sessions.in(
        client.calls(),
        new Keyspace("shop"),
        TIMEOUT,
        List.of(
            new AttributeForm<>(
                "basket", Basket.class, Basket.class, basket -> basket, basket -> basket)),
        new PrincipalNameIndexResolver<>(),
        UuidSessionIdGenerator.getInstance(),
        new SessionStatistics());
  }

  @Test
  void aSessionIsFoundOnAnotherNodeAsItWasLeft() {
    StoredSession session = here.repository().createSession();
    session.setAttribute("basket", new Basket("fig", 3));
    session.setAttribute("note", "\"ä\u2028");
    here.repository().save(session);

    StoredSession found = find(there, session.getId());
    assertThat(found.<Basket>getAttribute("basket")).isEqualTo(new Basket("fig", 3));
    assertThat(found.<String>getAttribute("note")).isEqualTo("\"ä\u2028");
    assertThat(found.getCreationTime()).isEqualTo(session.getCreationTime());

    found.removeAttribute("note");
    there.repository().save(found);
    assertThat(find(here, session.getId()).getAttributeNames()).containsExactly("basket");
  }

  @Test
  void requestsOfOneSessionThatChangeOtherAttributesDoNotUndoEachOther() {
    StoredSession session = here.repository().createSession();
    StoredSession one = find(here, session.getId());
    StoredSession other = find(there, session.getId());
    one.setAttribute("one", "1");
    other.setAttribute("other", "2");
    here.repository().save(one);
    there.repository().save(other);

    assertThat(find(here, session.getId()).getAttributeNames())
        .containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void eachUseBeginsTheTimeOfASessionAnew() {
    StoredSession session = signedIn("7");
    String key = key(session.getId());
    for (String one : List.of(key, ALL + "of:7", ALL + "live")) {
      redis.command("PEXPIRE", one, "60000");
    }
    String ends = redis.command("ZSCORE", ALL + "of:7", digest(session.getId()));
    assertThat(find(there, session.getId())).isNotNull();

    for (String one : List.of(key, ALL + "of:7", ALL + "live")) {
      assertThat(Long.parseLong(redis.command("PTTL", one)))
          .as(one)
          .isBetween(TIMEOUT.toMillis() - 60_000, TIMEOUT.toMillis());
    }
    await()
        .until(
            () -> {
              find(there, session.getId());
              String later = redis.command("ZSCORE", ALL + "of:7", digest(session.getId()));
              return Double.parseDouble(later) > Double.parseDouble(ends);
            });
  }

  @Test
  void noKeyAndNoValueTellsTheIdOfASession() {
    StoredSession session = signedIn("7");
    assertThat(redis.command("KEYS", "*").lines())
        .containsExactlyInAnyOrder(key(session.getId()), ALL + "of:7", ALL + "live");
    assertThat(redis.command("KEYS", "*") + redis.command("HGETALL", key(session.getId())))
        .doesNotContain(session.getId());
  }

  @Test
  void aSignInIsWrittenAtOnceAndUnderANewIdAlone() {
    StoredSession session = here.repository().createSession();
    session.setAttribute("note", "kept");
    here.repository().save(session);
    String before = session.getId();
    String after = session.changeSessionId();
    session.setAttribute(OWNER, "7");

    assertThat(here.repository().findById(before)).isNull();
    assertThat(find(there, after).<String>getAttribute("note")).isEqualTo("kept");
    assertThat(there.register().of("7", after))
        .hasValueSatisfying(uses -> assertThat(uses).singleElement().matches(SessionUse::current));
    assertThat(there.register().live()).hasValue(1L);
  }

  @Test
  void signingOutEverywhereEndsAllSessionsOfOnePersonAndOfNobodyElse() {
    StoredSession one = signedIn("7");
    StoredSession two = signedIn("7");
    StoredSession another = signedIn("70");
    assertThat(there.register().endAll("7")).hasValue(2L);

    assertThat(here.repository().findById(one.getId())).isNull();
    assertThat(here.repository().findById(two.getId())).isNull();
    assertThat(find(here, another.getId())).isNotNull();
    assertThat(here.register().of("7", null)).hasValue(List.of());
    assertThat(here.register().live()).hasValue(1L);
  }

  /** Another node is answering a request of the session, which writes after all have ended. */
  @Test
  void aRequestUnderWayBringsNoSessionBack() {
    String id = signedIn("7").getId();
    StoredSession underWay = find(there, id);
    StoredSession signedInAnew = find(there, id);
    here.register().endAll("7");
    underWay.setAttribute("note", "late");
    there.repository().save(underWay);
    signedInAnew.changeSessionId();

    assertThatThrownBy(() -> signedInAnew.setAttribute(OWNER, "7"))
        .isInstanceOf(SessionsAwayException.class);
    there.repository().save(signedInAnew);
    assertThat(here.repository().findById(id)).isNull();
    assertThat(here.repository().findById(signedInAnew.getId())).isNull();
    assertThat(redis.command("KEYS", "*s:*")).isEmpty();
  }

  /** As when a full Redis gives up one key of several, or a failover loses some of what it had. */
  @Test
  void aSessionThatTheListOfItsOwnerDoesNotNameHasEnded() {
    String id = signedIn("7").getId();
    StoredSession underWay = find(there, id);
    redis.command("DEL", ALL + "of:7");
    underWay.setAttribute("note", "late");
    there.repository().save(underWay);

    assertThat(here.repository().findById(id)).isNull();
    assertThat(redis.command("EXISTS", key(id))).isEqualTo("0");
  }

  @Test
  void aSignOutWinsOverARequestUnderWay() {
    String id = signedIn("7").getId();
    StoredSession underWay = find(there, id);
    here.repository().deleteById(id);
    underWay.setAttribute("note", "late");
    there.repository().save(underWay);

    assertThat(here.repository().findById(id)).isNull();
    assertThat(here.register().of("7", null)).hasValue(List.of());
  }

  /** One request takes the sign-in away from a session; another, begun before, still writes. */
  @Test
  void aRequestThatKnowsAnotherOwnerWritesNothing() {
    String id = signedIn("7").getId();
    StoredSession underWay = find(there, id);
    StoredSession loses = find(here, id);
    loses.removeAttribute(OWNER);
    here.repository().save(loses);
    underWay.setAttribute("note", "late");
    there.repository().save(underWay);

    StoredSession guest = find(here, id);
    assertThat(guest.getAttributeNames()).isEmpty();
    assertThat(here.register().of("7", null)).hasValue(List.of());
  }

  @Test
  void whatCannotBeReadIsNoSession() {
    for (String bad :
        Stream.of(
                "",
                "null",
                "3",
                "[]",
                "{}",
                "{\"fruit\":null,\"pieces\":1}",
                "{\"fruit\":\"a\"",
                "{\"fruit\":\"a\",\"pieces\":\"many\"}",
                "{\"fruit\":\"a\",\"pieces\":1} {}",
                "[\"java.util.HashMap\",{}]",
                "\u0000\u00ac\u00ed\u0000\u0005sr")
            .toList()) {
      String id = sessionWith("a:basket", bad);
      assertThat(here.repository().findById(id)).as(bad).isNull();
    }
    assertThat(here.repository().findById(sessionWith("a:note", "\"open"))).isNull();
    assertThat(here.repository().findById(sessionWith("created", "yesterday"))).isNull();
    assertThat(here.repository().findById(sessionWith("owner", "8"))).isNull();
    String text = here.repository().createSession().getId();
    redis.command("DEL", key(text));
    redis.command("SET", key(text), "no hash");
    assertThat(here.repository().findById(text)).isNull();
  }

  /** Whoever is signed in by an attribute must be the owner, whom the list names. */
  @Test
  void aSignInThatNoListNamesIsNoSession() {
    assertThat(here.repository().findById(sessionWith("a:" + OWNER, "\"7\""))).isNull();
  }

  @Test
  void whatANewerVersionWroteIsPassedOverAndLeftAlone() {
    String id = sessionWith("a:basket", "{\"fruit\":\"fig\",\"pieces\":1,\"ripe\":true}");
    redis.command("HSET", key(id), "a:newer", "{\"x\":1}");
    StoredSession session = find(here, id);
    assertThat(session.<Basket>getAttribute("basket")).isEqualTo(new Basket("fig", 1));
    session.setAttribute("note", "here");
    here.repository().save(session);
    assertThat(redis.command("HGET", key(id), "a:newer")).isEqualTo("{\"x\":1}");
  }

  @Test
  void whatHasNoFormIsNotKeptAndBreaksNothing() {
    StoredSession session = here.repository().createSession();
    session.setAttribute("list", List.of("x"));
    session.setAttribute("basket", "no basket");
    session.setAttribute("note", "kept");
    here.repository().save(session);

    assertThat(session.<List<String>>getAttribute("list")).containsExactly("x");
    assertThat(find(there, session.getId()).getAttributeNames()).containsExactly("note");
  }

  @Test
  void whatIsNoIdIsNotLookedFor() {
    assertThat(here.repository().findById("x".repeat(5_000))).isNull();
    assertThat(here.repository().findById("unknown")).isNull();
    assertThat(here.repository().findById("a:b{c}\r\n*")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "is killed"})
  void withoutRedisNobodyWaitsAndNothingIsLost(String how) {
    Sessions node = sessions(impatient);
    StoredSession session = signedIn("7");
    StoredSession underWay = find(node, session.getId());
    StoredSession signsIn = node.repository().createSession();
    if (how.equals("hangs")) {
      redis.suspend();
    } else {
      redis.kill();
    }
    RequestSessions.begin();
    assertThat(node.repository().findById(session.getId())).isNull();
    assertThat(RequestSessions.areUnread()).isTrue();
    assertThat(impatient.calls().isAvailable()).isFalse();
    assertThatThrownBy(() -> node.repository().createSession())
        .isInstanceOf(SessionsAwayException.class);
    RequestSessions.end();

    underWay.setAttribute("note", "not written");
    node.repository().save(underWay);
    String before = signsIn.getId();
    signsIn.changeSessionId();
    assertThatThrownBy(() -> signsIn.setAttribute(OWNER, "7"))
        .isInstanceOf(SessionsAwayException.class);
    assertThat(signsIn.getId()).as("the browser keeps its id").isEqualTo(before);
    assertThatThrownBy(() -> node.repository().deleteById(session.getId()))
        .isInstanceOf(SessionsAwayException.class);
    assertThat(node.register().endAll("7")).isEmpty();
    assertThat(node.register().of("7", null)).isEmpty();
    assertThat(node.register().live()).isEmpty();

    redis.start();
    redis.resume();
    await().until(impatient.calls()::isAvailable);
    node.repository().save(signsIn);
    assertThat(find(node, node.repository().createSession().getId())).isNotNull();
    StoredSession guest = node.repository().findById(before);
    assertThat(guest == null ? Set.of() : guest.getAttributeNames())
        .as("nothing of the failed sign-in is ever written")
        .isEmpty();
  }

  /** A session that Redis did not tell must not be replaced because it answers again. */
  @Test
  void aRequestWhoseSessionWasNotToldGetsNoOther() {
    RequestSessions.begin();
    RequestSessions.current().couldNotRead();
    assertThatThrownBy(() -> here.repository().createSession())
        .isInstanceOf(SessionsAwayException.class);
  }

  @Test
  void aRequestAsksRedisOnce() {
    String id = signedIn("7").getId();
    RequestSessions.begin();
    StoredSession first = here.repository().findById(id);
    assertThat(here.repository().findById(id)).isSameAs(first);
    here.repository().deleteById(id);
    assertThat(here.repository().findById(id)).isNull();
  }

  @Test
  void aFullRedisStillTellsSessionsAndTakesNone(CapturedOutput output) {
    StoredSession session = signedIn("7");
    redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    redis.command("CONFIG", "SET", "maxmemory", "1");

    assertThat(find(there, session.getId()).<String>getAttribute(OWNER)).isEqualTo("7");
    assertThatThrownBy(() -> here.repository().createSession())
        .isInstanceOf(SessionsAwayException.class);
    StoredSession moves = find(there, session.getId());
    moves.changeSessionId();
    assertThatThrownBy(() -> moves.setAttribute("note", "x"))
        .isInstanceOf(SessionsAwayException.class);
    assertThat(find(here, session.getId())).as("untouched by what was refused").isNotNull();
    assertThat(output)
        .contains("Redis refuses what caches need: command not allowed")
        .doesNotContain("params", digest(session.getId()));
    redis.command("CONFIG", "SET", "maxmemory", "128mb");
    assertThatThrownBy(() -> moves.setAttribute(OWNER, "8"))
        .as("what failed once is not written under the id of before")
        .isInstanceOf(SessionsAwayException.class);
    assertThat(find(here, session.getId()).<String>getAttribute(OWNER)).isEqualTo("7");
    here.repository().deleteById(session.getId());
    assertThat(here.repository().findById(session.getId())).isNull();
  }

  @Test
  void aRedisThatMayNotWriteStillTellsSessions() {
    StoredSession session = signedIn("7");
    redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
    try {
      assertThat(find(there, session.getId()).<String>getAttribute(OWNER)).isEqualTo("7");
      assertThatThrownBy(() -> here.repository().deleteById(session.getId()))
          .isInstanceOf(SessionsAwayException.class);
    } finally {
      redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
    }
  }

  @Test
  void sessionsAreCountedUntilTheirTimeIsOver() {
    StoredSession guest = here.repository().createSession();
    signedIn("7");
    assertThat(there.register().live()).hasValue(2L);
    redis.command("ZADD", ALL + "live", "1", digest(guest.getId()));
    assertThat(there.register().live()).hasValue(1L);

    signedIn("7");
    assertThat(redis.command("ZCARD", ALL + "live")).as("what is over is cleared").isEqualTo("2");
  }

  @Test
  void aTimeoutThatEndsSessionsAtOnceIsRefused() {
    assertThatThrownBy(
            () ->
                Sessions.in(
                    client.calls(),
                    new Keyspace("shop"),
                    Duration.ZERO,
                    List.of(),
                    new PrincipalNameIndexResolver<>(),
                    UuidSessionIdGenerator.getInstance(),
                    new SessionStatistics()))
        .hasMessage(
            "server.servlet.session.timeout must be at least 1s for sessions in Redis, was: PT0S");
  }

  private StoredSession signedIn(String owner) {
    StoredSession session = here.repository().createSession();
    session.changeSessionId();
    session.setAttribute(OWNER, owner);
    return session;
  }

  private String sessionWith(String field, String value) {
    StoredSession session = here.repository().createSession();
    redis.command("HSET", key(session.getId()), field, value);
    return session.getId();
  }

  private static StoredSession find(Sessions node, String id) {
    return Objects.requireNonNull(node.repository().findById(id), "session");
  }

  private static String key(String id) {
    return ALL + "s:" + digest(id);
  }

  private static String digest(String id) {
    return SessionKeys.digest(id);
  }
}
