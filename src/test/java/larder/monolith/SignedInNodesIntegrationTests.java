package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.handle;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import larder.dev.servers.RedisServer;
import larder.monolith.users.User;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Two nodes of the monolith and people who are signed in, whichever node they meet. */
@ExtendWith(OutputCaptureExtension.class)
class SignedInNodesIntegrationTests {

  private static final String SESSIONS = "{larder-monolith-nodes:session}:*";
  private static final String AWAY = "Signing in does not work at this moment";
  private static final String GUEST = "you look like a guest";

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
  void beginWithoutSessions() {
    nodes.beginWell();
    forgetSessions();
  }

  private static void forgetSessions() {
    sessions().forEach(key -> redis.command("DEL", key));
  }

  @Test
  void whoSignsInOnOneNodeIsSignedInOnAllAndAfterARestart() {
    User user = here.users().signUp(somebody());
    Visitor visitor = signedIn(user);
    assertThat(visitor.at(there).get(edit(user)).body()).contains("Edit your profile");

    here = nodes.restartHere();
    assertThat(visitor.at(here).get(edit(user)).body()).contains("Edit your profile");
    assertThat(
            visitor
                .at(there)
                .post(edit(user), edit(user), Map.of("id", "" + user.id(), "version", "0"))
                .statusCode())
        .as("the token of the form travels too")
        .isEqualTo(422);
  }

  @Test
  void whatIsSaidOnTheNextPageIsSaidByTheOtherNode() {
    User user = here.users().signUp(somebody());
    Visitor visitor = signedIn(user);
    Map<String, String> form =
        Map.of("id", "" + user.id(), "version", "0", "displayName", "New", "bio", "");
    assertThat(visitor.post(edit(user), edit(user), form).statusCode()).isEqualTo(302);
    assertThat(visitor.at(there).get("/").body())
        .as("another page")
        .doesNotContain("The profile is saved.");
    assertThat(visitor.get("/users/" + user.handle()).body())
        .contains("The profile is saved.", "New");
  }

  @Test
  void guestsWhoReadHaveNoSessionAndTheFormsHaveOne() {
    User user = here.users().signUp(somebody());
    Visitor visitor = here.visitor();
    for (String page : List.of("/", "/users", "/users?q=a", "/users/" + user.handle(), "/none")) {
      assertThat(visitor.get(page).headers().firstValue("Set-Cookie")).as(page).isEmpty();
    }
    assertThat(visitor.get("/").body()).doesNotContain(GUEST);
    assertThat(sessions()).isEmpty();

    assertThat(visitor.get("/login").headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(
            cookie ->
                assertThat(cookie)
                    .startsWith("larder-session=")
                    .contains("Path=/", "HttpOnly", "SameSite=Lax")
                    .doesNotContain("Max-Age", "Domain"));
    assertThat(sessions()).hasSize(2);
  }

  @Test
  void whoWasSentToSignInGetsThePageThatTheyWanted() {
    User user = here.users().signUp(somebody());
    Visitor visitor = here.visitor();
    assertThat(visitor.get(edit(user)).statusCode()).isEqualTo(302);
    assertThat(visitor.at(there).signIn(user.handle(), PASSWORD).headers().firstValue("Location"))
        .hasValueSatisfying(location -> assertThat(location).endsWith(edit(user)));
  }

  @Test
  void signingInChangesTheIdAndTheOldOneIsNobodys() {
    User user = here.users().signUp(somebody());
    Visitor visitor = here.visitor();
    visitor.get("/login");
    String planted = visitor.cookie();
    visitor.signIn(user.handle(), PASSWORD);

    assertThat(visitor.cookie()).isNotEqualTo(planted);
    Visitor attacker = here.visitor().bring(planted);
    assertThat(attacker.get("/").body()).contains("Sign in").doesNotContain("Sign out");
    assertThat(attacker.get(edit(user)).statusCode()).isEqualTo(302);
    assertThat(attacker.cookie())
        .as("no session is begun under an id that was brought")
        .isNotEqualTo(planted);
  }

  @Test
  void aRequestBeginsTheThirtyMinutesAnew() {
    User user = here.users().signUp(somebody());
    Visitor visitor = signedIn(user);
    String key =
        sessions().stream().filter(name -> name.contains("}:s:")).findFirst().orElseThrow();
    redis.command("PEXPIRE", key, "60000");
    visitor.at(there).get("/");
    assertThat(Long.parseLong(redis.command("PTTL", key)))
        .isBetween(Duration.ofMinutes(29).toMillis(), Duration.ofMinutes(30).toMillis());
  }

  @Test
  void signingOutEverywhereIsSeenByTheNextRequestOnEachNode() {
    User user = here.users().signUp(somebody());
    User other = here.users().signUp(somebody());
    Visitor phone = signedIn(user);
    Visitor desk = signedIn(user);
    Visitor stranger = signedIn(other);
    assertThat(desk.at(there).get(edit(user)).body())
        .contains("Where you are signed in", "In 2 places.", "here, now", "last used");

    assertThat(phone.postWithoutToken("/sign-out-everywhere", Map.of()).statusCode())
        .isEqualTo(403);
    HttpResponse<String> answer = phone.post(edit(user), "/sign-out-everywhere", Map.of());
    assertThat(answer.headers().firstValue("Location"))
        .hasValueSatisfying(to -> assertThat(to).endsWith("/login?signed-out-everywhere"));
    assertThat(phone.get("/login?signed-out-everywhere").body())
        .contains("You are signed out everywhere");
    for (Visitor visitor : List.of(phone, desk.at(there), desk.at(here))) {
      assertThat(visitor.get("/").body()).contains("Sign in").doesNotContain("Sign out");
      assertThat(visitor.get(edit(user)).statusCode()).isEqualTo(302);
    }
    assertThat(stranger.at(there).get("/").body()).contains("Sign out");
    assertThat(here.visitor().post("/login", "/sign-out-everywhere", Map.of()).statusCode())
        .as("a guest")
        .isEqualTo(302);
  }

  @Test
  void theSessionsOfADeletedUserEnd() {
    User user = here.users().signUp(somebody());
    User chief = administrator();
    Visitor phone = signedIn(user);
    Visitor desk = signedIn(user).at(there);
    String delete = "/users/" + user.handle() + "/delete";
    Map<String, String> form = Map.of("id", "" + user.id(), "confirmation", user.handle());
    assertThat(signedIn(chief).post(delete, delete, form).statusCode()).isEqualTo(302);

    assertThat(redis.command("KEYS", "*}:of:" + user.id())).isEmpty();
    for (Visitor visitor : List.of(phone, desk)) {
      assertThat(visitor.get("/").body()).contains("Sign in").doesNotContain("Sign out");
    }
  }

  /** Their sessions could not be ended, and are found when Redis is back. */
  @Test
  void whoIsDeletedWhileRedisIsAwayIsNobodyAfterwards() {
    User chief = administrator();
    Visitor visitor = signedIn(chief).at(there);
    assertThat(visitor.get("/admin/caches").statusCode()).isEqualTo(200);
    nodes.hang();
    here.users().delete(chief.id());
    nodes.bringBack();

    assertThat(redis.command("KEYS", "*}:of:" + chief.id()))
        .as("the session is there")
        .isNotEmpty();
    assertThat(visitor.get("/admin/caches").statusCode()).isEqualTo(302);
    assertThat(visitor.get("/").body()).contains("Sign in").doesNotContain("Sign out");
    assertThat(redis.command("KEYS", "*}:of:" + chief.id())).as("it lost its sign-in").isEmpty();
  }

  @Test
  void whoIsNoAdministratorAnyMoreIsAMemberAtTheNextRequest() {
    User chief = administrator();
    Visitor visitor = signedIn(chief);
    assertThat(visitor.get("/admin/sessions").statusCode()).isEqualTo(200);
    administrator(chief, false);
    assertThat(visitor.get("/admin/sessions").statusCode()).isEqualTo(403);
    assertThat(visitor.at(there).get("/").body()).contains("Sign out").doesNotContain("/admin/");
    administrator(chief, true);
    assertThat(visitor.at(there).get("/admin/sessions").statusCode()).isEqualTo(200);
  }

  @Test
  void administratorsSeeHowManySessionsThereAre() {
    User chief = administrator();
    Visitor visitor = signedIn(chief);
    here.visitor().get("/login");
    assertThat(visitor.get("/admin/sessions").body())
        .contains("Redis answers.", ">2<", "30 min", "Sessions begun")
        .doesNotContain(visitor.cookie());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "is killed"})
  void withoutRedisReadingWorksAndSigningInSaysWhatIsWrong(String how, CapturedOutput output) {
    User user = here.users().signUp(somebody());
    User chief = administrator();
    Visitor member = signedIn(user);
    Visitor boss = signedIn(chief);
    Visitor guest = here.visitor();
    assertThat(guest.get("/login").statusCode()).isEqualTo(200);
    String cookie = member.cookie();
    double refused = counted("larder.sessions.requests", "refused");
    double unanswered = counted("larder.sessions.lookups", "unanswered");
    boolean hangs = how.equals("hangs");
    if (hangs) {
      nodes.hang();
    } else {
      nodes.kill();
    }

    HttpResponse<String> page = member.get("/users/" + user.handle());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains(user.displayName(), GUEST).doesNotContain("Sign out");
    assertThat(here.visitor().get("/").body()).doesNotContain(GUEST);
    for (HttpResponse<String> answer :
        List.of(
            member.get(edit(user)),
            member.postWithoutToken(edit(user), Map.of("_csrf", "x")),
            member.postWithoutToken("/logout", Map.of()),
            member.postWithoutToken("/sign-out-everywhere", Map.of()),
            boss.get("/admin/sessions"),
            guest.get("/login"),
            guest.get("/signup"),
            guest.postWithoutToken("/login", Map.of("username", "a", "password", "b")),
            here.visitor().get("/login"),
            here.visitor().get(edit(user)),
            here.visitor().postWithoutToken("/signup", Map.of()))) {
      assertThat(answer.statusCode()).as(answer.uri().getPath()).isEqualTo(503);
      assertThat(answer.body()).contains(AWAY, "All that anybody may read works");
      assertThat(answer.body()).doesNotContain("Exception", "SessionsAway", "\tat ");
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }
    assertThat(member.cookie()).isEqualTo(cookie);
    assertThat(output.getAll()).doesNotContain("SessionsAwayException", "Servlet.service()");
    assertThat(counted("larder.sessions.requests", "refused")).isGreaterThanOrEqualTo(refused + 11);
    assertThat(counted("larder.sessions.lookups", "unanswered")).isGreaterThan(unanswered);

    nodes.bringBack();
    String after = member.get("/").body();
    if (hangs) {
      assertThat(after).as("the session is found again").contains("Sign out");
    } else {
      assertThat(after).as("Redis is empty").contains("Sign in").doesNotContain(GUEST);
      assertThat(member.signIn(user.handle(), PASSWORD).statusCode()).isEqualTo(302);
      assertThat(member.get("/").body()).contains("Sign out");
    }
  }

  /** Nobody who does not ask Redis notices first: the form itself finds out. */
  @Test
  void redisHangsBetweenTheFormAndTheSignIn() {
    User user = here.users().signUp(somebody());
    Visitor visitor = here.visitor();
    Map<String, String> form = visitor.filled("/login", user.handle());
    nodes.hang();
    try {
      assertThat(visitor.postWithoutToken("/login", form).statusCode()).isEqualTo(503);
    } finally {
      nodes.bringBack();
    }
    assertThat(visitor.postWithoutToken("/login", form).headers().firstValue("Location"))
        .as("the form that is still open works")
        .hasValueSatisfying(location -> assertThat(location).endsWith("/"));
  }

  @Test
  void bytesThatAreNoSessionMakeAGuestAndNoErrorPage() {
    User user = here.users().signUp(somebody());
    for (String bad :
        List.of("{}", "{\"account\":-1}", "null", "\u0000\u0001", "{\"account\":\"x\"}")) {
      Visitor visitor = signedIn(user);
      String key =
          sessions().stream().filter(name -> name.contains("}:s:")).findFirst().orElseThrow();
      redis.command("HSET", key, "a:SPRING_SECURITY_CONTEXT", bad);
      HttpResponse<String> answer = visitor.at(there).get("/");
      assertThat(answer.statusCode()).as(bad).isEqualTo(200);
      assertThat(answer.body()).contains("Sign in").doesNotContain("Sign out");
      assertThat(visitor.signIn(user.handle(), PASSWORD).statusCode()).isEqualTo(302);
      assertThat(visitor.get("/").body()).contains("Sign out");
      forgetSessions();
    }
  }

  /** Signing up makes a user and signs them in, on whichever node the next page is asked for. */
  @Test
  void whoHasSignedUpIsSignedInOnTheOtherNode() {
    Visitor visitor = here.visitor();
    String handle = handle();
    assertThat(visitor.signUp(handle, "New here").statusCode()).isEqualTo(302);
    assertThat(visitor.at(there).get("/users/" + handle).body())
        .contains("Welcome, New here", "Edit profile", "Sign out");
  }

  private static Visitor signedIn(User user) {
    Visitor visitor = here.visitor();
    assertThat(visitor.signIn(user.handle(), PASSWORD).statusCode()).isEqualTo(302);
    return visitor;
  }

  private static double counted(String meter, String result) {
    return here.bean(MeterRegistry.class)
        .get(meter)
        .tag("result", result)
        .functionCounter()
        .count();
  }

  private static User administrator() {
    User user = here.users().signUp(somebody());
    administrator(user, true);
    return user;
  }

  private static void administrator(User user, boolean is) {
    here.write(
        entities ->
            entities
                .createNativeQuery("update users set administrator = :is where id = :id")
                .setParameter("is", is)
                .setParameter("id", user.id())
                .executeUpdate());
    nodes.awaitCurrent();
  }

  private static List<String> sessions() {
    return redis.command("KEYS", SESSIONS).lines().toList();
  }

  private static String edit(User user) {
    return "/users/" + user.handle() + "/edit";
  }
}
