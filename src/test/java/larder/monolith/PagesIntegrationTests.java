package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.handle;
import static larder.monolith.People.person;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import larder.cache.log.node.LogFollower;
import larder.monolith.settings.ProfileSettings;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The pages over HTTP: who may see and change what, and what goes out with them. */
@MonolithTest
class PagesIntegrationTests {

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired ProfileSettings settings;
  @Autowired JdbcClient database;
  @Autowired LogFollower follower;

  @Test
  void pagesAreOpenToEverybody() {
    User user = users.signUp(somebody());
    Visitor visitor = visitor();

    assertThat(visitor.get("/").statusCode()).isEqualTo(200);
    assertThat(visitor.get("/users").statusCode()).isEqualTo(200);
    assertThat(visitor.get("/users?page=none&q=%25").statusCode()).isEqualTo(200);
    assertThat(visitor.get("/users/" + user.handle()).body()).contains(user.displayName());
  }

  @Test
  void readingStartsNoSession() {
    assertThat(visitor().get("/users").headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void aPersonChoosesForThemselves() {
    User user = users.signUp(somebody());
    Visitor herself = visitor();
    assertThat(herself.get("/settings").statusCode()).isEqualTo(302);
    herself.signIn(user.handle(), PASSWORD);
    assertThat(herself.get("/settings").body())
        .contains("data-theme=\"system\"", "(prefers-color-scheme: dark)")
        .containsPattern("value=\"system\"\\s+checked");

    assertThat(choose(herself, "theme", "dark")).isEqualTo(302);
    assertThat(choose(herself, "page-size", "50")).isEqualTo(302);
    assertThat(herself.get("/settings").body())
        .contains("data-theme=\"dark\"", "media=\"all\"")
        .containsPattern("value=\"dark\"\\s+checked")
        .containsPattern("value=\"50\"\\s+checked")
        .containsPattern("value=\"yes\"\\s+checked");
    assertThat(visitor().get("/").body()).contains("data-theme=\"system\"");

    String profile = "/users/" + user.handle();
    assertThat(visitor().get(profile).body()).contains("<dt>Seen</dt>");
    assertThat(choose(herself, "show-views", "no")).isEqualTo(302);
    await()
        .untilAsserted(
            () -> assertThat(visitor().get(profile).body()).doesNotContain("<dt>Seen</dt>"));
    assertThat(herself.get(profile).body()).contains("<dt>Seen</dt>");
  }

  private static int choose(Visitor person, String setting, String value) {
    return person.post("/settings", "/settings/" + setting, Map.of("value", value)).statusCode();
  }

  @Test
  void whatCannotBeChosenIsRefused() {
    User user = users.signUp(somebody());
    Visitor herself = visitor();
    herself.signIn(user.handle(), PASSWORD);
    assertThat(choose(herself, "theme", "pink")).isEqualTo(400);
    assertThat(choose(herself, "theme", "")).isEqualTo(400);
    assertThat(choose(herself, "mood", "dark")).isEqualTo(404);
    assertThat(choose(visitor(), "theme", "dark")).isIn(302, 403);
    assertThatThrownBy(() -> settings.value(user.id(), "mood"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(settings.value(user.id(), "theme")).isEqualTo("system");

    assertThat(choose(herself, "theme", "light")).isEqualTo(302);
    database
        .sql("update profile_settings set value = 'pink' where user_id = ? and name = 'theme'")
        .param(user.id())
        .update();
    await().untilAsserted(() -> assertThat(settings.value(user.id(), "theme")).isEqualTo("system"));
  }

  @Test
  void nobodyAndNothingAreNotFoundWithHelp() {
    HttpResponse<String> nobody = visitor().get("/users/nobody-here");
    HttpResponse<String> nothing = visitor().get("/nothing/here");

    assertThat(nobody.statusCode()).isEqualTo(404);
    assertThat(nobody.body()).contains("Nobody is called @nobody-here", "role=\"search\"");
    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(nothing.body()).contains("There is no such page", "role=\"search\"");
  }

  @Test
  void editingNeedsASignIn() {
    User user = users.signUp(somebody());
    HttpResponse<String> answer = visitor().get(edit(user));

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location"))
        .hasValueSatisfying(location -> assertThat(location).endsWith("/login"));
  }

  @Test
  void ownProfileIsEditedAndTheNewTextIsThereAtOnce() {
    User user = users.signUp(somebody());
    Visitor visitor = signedIn(user.handle());
    visitor.get("/users/" + user.handle());

    HttpResponse<String> saved = visitor.post(edit(user), edit(user), form(user, "New text"));

    assertThat(saved.statusCode()).isEqualTo(302);
    assertThat(visitor.get("/users/" + user.handle()).body())
        .contains("New text", "The profile is saved.");
    assertThat(visitor().get("/users/" + user.handle()).body())
        .contains("New text")
        .doesNotContain("The profile is saved.");
  }

  @Test
  void profileOfSomebodyElseIsNeitherShownForEditingNorChangedNorDeleted() {
    User victim = users.signUp(somebody());
    User member = users.signUp(somebody());
    Visitor visitor = signedIn(member.handle());

    assertThat(visitor.get(edit(victim)).statusCode()).isEqualTo(403);
    assertThat(visitor.post(edit(member), edit(victim), form(victim, "Mine")).statusCode())
        .isEqualTo(403);
    assertThat(visitor.post(edit(member), edit(member), form(victim, "Mine")).statusCode())
        .isEqualTo(403);
    assertThat(
            visitor
                .post(
                    edit(member),
                    edit(member) + "/handle",
                    Map.of("id", "" + victim.id(), "version", "0", "newHandle", handle()))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            visitor
                .post(
                    edit(member),
                    "/users/" + victim.handle() + "/delete",
                    Map.of("id", "" + victim.id(), "confirmation", victim.handle()))
                .statusCode())
        .isEqualTo(403);
    assertThat(users.find(victim.id())).contains(victim);
  }

  @Test
  void administratorEditsAnybodyWithoutSeeingTheAddress() {
    User user = users.signUp(somebody());
    User chief = users.signUp(somebody());
    database.sql("update users set administrator = true where id = ?").param(chief.id()).update();
    Visitor visitor = signedIn(chief.handle());

    assertThat(visitor.get(edit(user)).body())
        .contains("as an administrator")
        .doesNotContain(user.handle() + "@example.org");
    assertThat(visitor.post(edit(user), edit(user), form(user, "Tidied")).statusCode())
        .isEqualTo(302);
    assertThat(users.find(user.id()).orElseThrow().bio()).isEqualTo("Tidied");
  }

  @Test
  void addressIsShownToItsOwnerOnly() {
    User user = users.signUp(somebody());
    User other = users.signUp(somebody());
    String address = user.handle() + "@example.org";
    Visitor visitor = signedIn(other.handle());

    assertThat(signedIn(user.handle()).get(edit(user)).body()).contains(address);
    for (String page : new String[] {"/", "/users?q=" + user.handle(), "/users/" + user.handle()}) {
      assertThat(visitor.get(page).body()).contains(user.handle()).doesNotContain(address);
    }
  }

  @Test
  void formWithoutTokenIsRefused() {
    User user = users.signUp(somebody());
    Visitor visitor = signedIn(user.handle());

    assertThat(visitor.postWithoutToken(edit(user), form(user, "Forged")).statusCode())
        .isEqualTo(403);
    assertThat(visitor.postWithoutToken("/logout", Map.of()).statusCode()).isEqualTo(403);
    assertThat(users.find(user.id())).contains(user);
  }

  @Test
  void markupInNamesAndBiosIsTextOnEveryPage() {
    User user = users.signUp(somebody());
    String markup = "<script>alert('x')</script>\"><img src=x>";
    users.updateProfile(user.id(), 0, new ProfileChange(markup, markup));
    Visitor visitor = signedIn(user.handle());
    String search = "/users?q=" + "%3Cscript%3Ealert('x')";

    for (String page :
        new String[] {
          "/", search, "/users/" + user.handle(), edit(user), "/users?q=%3Cimg%20src"
        }) {
      assertThat(visitor.get(page).body())
          .contains("&lt;")
          .doesNotContain("<script>", "<img src=x");
    }
  }

  @Test
  void signUpSignsInUnderANewSessionAndShowsTheProfile() {
    String handle = handle();
    Visitor visitor = visitor();
    HttpResponse<String> answer = visitor.signUp(handle, "New here");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Set-Cookie")).isPresent();
    assertThat(visitor.get("/users/" + handle).body())
        .contains("Welcome, New here", "Edit profile", "Sign out");
  }

  @Test
  void refusedSignUpKeepsTheInputButNotThePassword() {
    User taken = users.signUp(somebody());
    HttpResponse<String> answer =
        visitor()
            .post(
                "/signup",
                "/signup",
                Map.of(
                    "handle", taken.handle(),
                    "email", "kept@example.org",
                    "displayName", "Kept name",
                    "password", "kept secret"));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("is taken", "Kept name", "kept@example.org", "aria-invalid=\"true\"")
        .doesNotContain("kept secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "*/*", "application/json", "text/event-stream"})
  void guestsAreSentToTheSignInWhateverTheyAccept(String accepted) {
    for (String page : List.of("/following", "/admin/caches", "/users/somebody/edit")) {
      HttpResponse<String> answer = visitor().get(page, "Accept", accepted);
      assertThat(answer.statusCode()).as(page).isEqualTo(302);
      assertThat(answer.headers().firstValue("Location"))
          .hasValueSatisfying(location -> assertThat(location).endsWith("/login"));
    }
    assertThat(visitor().get("/notices", "Accept", accepted).statusCode())
        .as("what a script asks for")
        .isEqualTo(401);
  }

  @Test
  void signInByAddressWorksAndByWrongPasswordDoesNot() {
    User user = users.signUp(somebody());
    Visitor visitor = visitor();

    HttpResponse<String> refused = visitor.signIn(user.handle(), "wrong password");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("do not go together", "value=\"" + user.handle() + "\"");
    assertThat(visitor.signIn(user.handle() + "@EXAMPLE.org", PASSWORD).statusCode())
        .isEqualTo(302);
    assertThat(visitor.get("/").body()).contains("Sign out");
  }

  @Test
  void signOutEndsTheSession() {
    User user = users.signUp(somebody());
    Visitor visitor = signedIn(user.handle());
    visitor.post("/", "/logout", Map.of());

    assertThat(visitor.get("/").body()).contains("Sign in").doesNotContain("Sign out");
  }

  @Test
  void changedHandleLeavesTheSessionAsItIs() {
    User user = users.signUp(somebody());
    String wanted = handle();
    Visitor visitor = signedIn(user.handle());
    HttpResponse<String> answer =
        visitor.post(
            edit(user),
            edit(user) + "/handle",
            Map.of("id", "" + user.id(), "version", "0", "newHandle", wanted));

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(visitor.get("/users/" + wanted).body()).contains("Sign out", "Edit profile");
    assertThat(visitor.get("/users/" + user.handle()).statusCode()).isEqualTo(404);
  }

  @Test
  void deletionAsksForTheHandleAndEndsTheSession() {
    User user = users.signUp(somebody());
    Visitor visitor = signedIn(user.handle());
    String delete = "/users/" + user.handle() + "/delete";
    String id = "" + user.id();

    assertThat(visitor.post(delete, delete, Map.of("id", id, "confirmation", "no")).statusCode())
        .isEqualTo(422);
    assertThat(
            visitor
                .post(delete, delete, Map.of("id", id, "confirmation", user.handle()))
                .statusCode())
        .isEqualTo(302);
    assertThat(visitor.get("/").body()).contains("is deleted", "Sign in");
    assertThat(users.find(user.id())).isEmpty();
  }

  @Test
  void deletedUserWithALivingSessionIsNobody() {
    User user = users.signUp(somebody());
    User other = users.signUp(person(handle()));
    Visitor visitor = signedIn(user.handle());
    users.delete(user.id());

    assertThat(visitor.get("/").body()).contains("Sign in");
    assertThat(visitor.get(edit(other)).headers().firstValue("Location"))
        .hasValueSatisfying(location -> assertThat(location).endsWith("/login"));
  }

  @Test
  void editOfAnOldVersionShowsBothTexts() {
    User user = users.signUp(somebody());
    Visitor visitor = signedIn(user.handle());
    users.updateProfile(user.id(), 0, new ProfileChange("Their name", "Their text"));

    HttpResponse<String> answer = visitor.post(edit(user), edit(user), form(user, "My text"));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .contains("Somebody else saved first", "Their text", "My text", "value=\"1\"");
    assertThat(users.find(user.id()).orElseThrow().bio()).isEqualTo("Their text");
  }

  @Test
  void secondViewOfAProfileIsAnsweredByTheCache() {
    User user = users.signUp(somebody());
    Visitor member = signedIn(users.signUp(somebody()).handle());
    users.changeHandle(user.id(), 0, handle());
    String page = "/users/" + users.find(user.id()).orElseThrow().handle();
    awaitOutbox();
    member.get("/");

    HttpResponse<String> first = member.get(page);

    // Who looks is known; looked for are the profile, its two counters, whether its looks are
    // shown and how many there are, and whom they follow.
    assertThat(timing(first))
        .matches("cache-(near|remote);desc=\"1 call\";.*, cache-database;desc=\"6 calls\";.*");
    // As is how the page is to look, which is asked for when its headers are written.
    assertThat(first.body()).containsPattern("2 answers from (memory|Redis), 6 from the database");
    await()
        .untilAsserted(
            () -> {
              HttpResponse<String> second = member.get(page);
              assertThat(timing(second)).contains("cache-").doesNotContain("cache-database");
              assertThat(calls(second)).isEqualTo(7);
              assertThat(second.body()).containsPattern("[1-8] answers? from (memory|Redis)");
            });
  }

  @Test
  void secondViewOfAProfileByGuestsIsTheSamePage() {
    User user = users.signUp(somebody());
    users.changeHandle(user.id(), 0, handle());
    String page = "/users/" + users.find(user.id()).orElseThrow().handle();

    HttpResponse<String> first = visitor().get(page);
    assertThat(first.headers().firstValue("Cache-Status")).hasValue("larder; fwd=miss");
    assertThat(first.body()).contains("with <span>5 answers from the database");
    // The outbox may tell of the sign-up only now, which ends a page once more.
    await()
        .untilAsserted(
            () -> {
              HttpResponse<String> second = visitor().get(page);
              HttpResponse<String> third = visitor().get(page);
              assertThat(third.headers().firstValue("Cache-Status")).hasValue("larder; hit");
              assertThat(third.body()).isEqualTo(second.body());
            });
  }

  @Test
  void browsersAreToldToRunNoScriptAndToFrameNothing() {
    HttpResponse<String> page = visitor().get("/");

    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe"));
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.body()).doesNotContain("<script", "style=");
  }

  @Test
  void styleSheetsOfAPageAreThereAndMayBeKept() {
    Matcher sheets =
        Pattern.compile("stylesheet\" href=\"([^\"]+)\"").matcher(visitor().get("/").body());
    int count = 0;
    while (sheets.find()) {
      HttpResponse<String> sheet = visitor().get(sheets.group(1));
      assertThat(sheet.statusCode()).as(sheets.group(1)).isEqualTo(200);
      assertThat(sheet.headers().firstValue("Cache-Control")).hasValue("max-age=2592000, public");
      assertThat(sheets.group(1)).containsPattern("larder(-dark)?-[0-9a-f]{32}\\.css|5\\.3\\.8");
      count++;
    }
    assertThat(count).isEqualTo(3);
  }

  private Visitor visitor() {
    return new Visitor(port);
  }

  private Visitor signedIn(String handle) {
    Visitor visitor = visitor();
    assertThat(visitor.signIn(handle, PASSWORD).headers().firstValue("Location"))
        .hasValueSatisfying(location -> assertThat(location).endsWith("/"));
    return visitor;
  }

  private static String edit(User user) {
    return "/users/" + user.handle() + "/edit";
  }

  private static Map<String, String> form(User user, String bio) {
    return Map.of(
        "id",
        "" + user.id(),
        "version",
        "" + user.version(),
        "displayName",
        user.displayName(),
        "bio",
        bio);
  }

  /** Returns when this node has heard from the database of all that was committed until now. */
  private void awaitOutbox() {
    long now = System.nanoTime();
    await().until(() -> follower.currentAsOf() - now >= 0);
  }

  /** Returns how many cached calls a page was made of, wherever they were answered. */
  private static int calls(HttpResponse<String> answer) {
    return Pattern.compile("desc=\"(\\d+) calls?\"")
        .matcher(timing(answer))
        .results()
        .mapToInt(call -> Integer.parseInt(call.group(1)))
        .sum();
  }

  private static String timing(HttpResponse<String> answer) {
    return answer.headers().firstValue("Server-Timing").orElse("");
  }
}
