package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.handle;
import static larder.monolith.People.person;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.IntStream;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * The pages in a real browser. Without Chromium these tests are skipped, and fail where the
 * environment says {@code CI=true}.
 */
@MonolithTest
class BrowserIntegrationTests {

  @LocalServerPort int port;
  @Autowired Users users;

  private static @Nullable Browser shared;

  @SuppressWarnings("NullAway.Init")
  private Browser browser;

  @BeforeAll
  static void requireChromium() {
    Browser.require();
  }

  @BeforeEach
  void openBrowser() {
    browser = shared == null ? new Browser(port) : shared;
    shared = browser;
    browser.startAfresh();
  }

  @AfterAll
  static void closeBrowser() {
    if (shared != null) {
      shared.close();
      shared = null;
    }
  }

  @Test
  void newcomerSignsUpWritesAFewWordsAndIsFound() {
    String handle = handle();
    browser.open("/").follow("Join in a minute");
    browser.fill("handle", handle).fill("displayName", "Newcomer " + handle);
    browser.fill("email", handle + "@example.org").fill("password", PASSWORD).press("Join");

    assertThat(browser.path()).isEqualTo("/users/" + handle);
    assertThat(browser.text()).contains("Welcome, Newcomer " + handle);

    browser.follow("Edit profile").fill("bio", "First line\nSecond line").press("Save profile");
    assertThat(browser.text()).contains("The profile is saved.", "First line\nSecond line");

    browser.open("/users").fill("q", "NEWCOMER " + handle).press("Search");
    assertThat(browser.text()).contains("1 member matches");
    browser.follow("Newcomer " + handle);
    assertThat(browser.heading()).isEqualTo("Newcomer " + handle);
  }

  @Test
  void newestMemberStandsOnTheFirstPage() {
    User user = users.signUp(somebody());

    assertThat(browser.open("/").element(".member-name").getText()).isEqualTo(user.displayName());
  }

  @Test
  void directoryIsLeafedThrough() {
    String crowd = "leaf" + handle().substring("person-".length());
    IntStream.range(0, 45).forEach(i -> users.signUp(person(crowd + "-" + i)));

    browser.open("/users?q=" + crowd);
    assertThat(browser.text()).contains("45 members match", "1 to 20 of 45");
    browser.follow("Next→");
    assertThat(browser.text()).contains("21 to 40 of 45");
    assertThat(browser.element(".pagination [aria-current=page]").getText()).contains("2");
    browser.follow("Next→");
    assertThat(browser.count(".member")).isEqualTo(5);
    assertThat(browser.text()).doesNotContain("Next");
  }

  @Test
  void searchWithoutResultHelps() {
    browser.open("/users").fill("q", "nobody%like_this").press("Search");

    assertThat(browser.text()).contains("Nobody matches “nobody%like_this”", "Try fewer letters");
    assertThat(browser.value("q")).isEqualTo("nobody%like_this");
    browser.follow("Show all members");
    assertThat(browser.path()).isEqualTo("/users");
  }

  @Test
  void refusedSignUpPutsTheFocusOnWhatIsWrongAndLeadsThere() {
    User taken = users.signUp(somebody());
    browser.open("/signup").fill("handle", taken.handle()).fill("displayName", "Kept");
    browser.fill("email", "kept@example.org").fill("password", PASSWORD).press("Join");

    assertThat(browser.focused("#problems").isDisplayed()).isTrue();
    assertThat(browser.value("displayName")).isEqualTo("Kept");
    assertThat(browser.element("#handle").getDomAttribute("aria-describedby"))
        .isEqualTo("handle-problem handle-hint");
    assertThat(browser.element("#handle-problem").getText()).contains("is taken");

    browser.element("#problems a").click();
    assertThat(browser.focused("#handle").isDisplayed()).isTrue();
  }

  @Test
  void secondToSaveSeesBothAndChooses() {
    User user = users.signUp(somebody());
    browser.signIn(user.handle()).open("/users/" + user.handle() + "/edit");
    try (Browser other = new Browser(port)) {
      other.signIn(user.handle()).open("/users/" + user.handle() + "/edit");
      other.fill("bio", "Saved first").press("Save profile");
      browser.fill("bio", "Saved second").press("Save profile");

      assertThat(browser.heading()).isEqualTo("Somebody else saved first");
      assertThat(browser.text()).contains("Saved first");
      assertThat(browser.value("bio")).isEqualTo("Saved second");
      assertThat(other.open("/users/" + user.handle()).text()).contains("Saved first");

      browser.press("Save mine instead");
      assertThat(browser.text()).contains("The profile is saved.", "Saved second");
      assertThat(other.open("/users/" + user.handle()).text()).contains("Saved second");
    }
  }

  @Test
  void handleIsChangedAndProfileDeletedFromTheEditPage() {
    User user = users.signUp(somebody());
    String wanted = handle();
    browser.signIn(user.handle()).open("/users/" + user.handle() + "/edit");
    browser.fill("handle", wanted).press("Change handle");
    assertThat(browser.path()).isEqualTo("/users/" + wanted);
    assertThat(browser.header()).contains(wanted);

    browser.follow("Edit profile").follow("Delete profile…");
    browser.fill("confirmation", wanted).press("Delete for good");
    assertThat(browser.text()).contains("The profile @" + wanted + " is deleted.");
    assertThat(browser.header()).contains("Sign in");
  }

  @Test
  void footerTellsHowTheCacheAnswered() {
    User user = users.signUp(somebody());
    users.changeHandle(user.id(), 0, handle());
    String page = "/users/" + users.find(user.id()).orElseThrow().handle();

    assertThat(browser.open(page).footer())
        .containsPattern("Put together at [0-9:]{8} UTC with 5 answers from the database, ");
    // The outbox may tell of the sign-up only now, which ends a page once more.
    await()
        .untilAsserted(
            () -> assertThat(browser.open(page).footer()).isEqualTo(browser.open(page).footer()));
    try (Browser member = new Browser(port)) {
      member.signIn(users.signUp(somebody()).handle());
      await()
          .untilAsserted(
              () ->
                  assertThat(member.open(page).footer())
                      .containsPattern("with [0-9] answers? from (Redis|memory)")
                      .doesNotContain("database,"));
    }
    users.updateProfile(user.id(), 1, new ProfileChange(user.displayName(), "Brand new"));
    assertThat(browser.open(page).text()).contains("Brand new");
  }

  @Test
  void changeOfSomebodyWhoIsFollowedAppearsOnEveryOpenPage() {
    User star = users.signUp(somebody());
    String profile = "/users/" + star.handle();
    browser.signIn(users.signUp(somebody()).handle()).open(profile).press("Follow");
    assertThat(browser.text()).contains("You follow " + star.displayName(), "Unfollow");
    assertThat(browser.open("/following").text()).contains(star.displayName());
    String first = browser.newWindow();
    browser.open("/users");
    star = users.updateProfile(star.id(), 0, new ProfileChange("<b>Bold</b>", "New"));

    String words = "<b>Bold</b> changed their profile";
    browser.awaitText("#notices .notice", words);
    browser.closeWindow(first).awaitText("#notices .notice", words);
    users.changeHandle(star.id(), star.version(), "now-" + star.handle());
    browser.awaitText("#notices a[href$='/now-" + star.handle() + "']", "<b>Bold</b>");
    assertThat(browser.count("#notices .notice")).isEqualTo(1);
    browser.follow("<b>Bold</b>");
    assertThat(browser.heading()).isEqualTo("<b>Bold</b>");
    assertThat(browser.count("#notices .notice")).isZero();
  }

  @Test
  void noticeIsDismissedByKeyboardAndSaysWhenNewsMayBeMissing() {
    User star = users.signUp(somebody());
    browser.signIn(users.signUp(somebody()).handle());
    browser.open("/users/" + star.handle()).press("Follow");
    users.updateProfile(star.id(), 0, new ProfileChange("Shown", "New"));
    browser.awaitText("#notices .notice", "Shown");
    assertThat(browser.element("#notices").getDomAttribute("aria-live")).isEqualTo("polite");
    WebElement dismiss = browser.element("#notices button");
    assertThat(dismiss.getDomAttribute("aria-label")).isEqualTo("Dismiss");
    dismiss.sendKeys(Keys.ENTER);
    assertThat(browser.count("#notices .notice")).isZero();

    browser.evaluate("document.getElementById('notices').dataset.after = '1000-0'");
    browser.evaluate(
        "document.head.append(Object.assign(document.createElement('script'),"
            + " {src: document.querySelector('script[src*=notices]').src}))");
    browser.awaitText("#notices .notice", "Some news may be missing here. Reload this page");
  }

  @Test
  void firstTabReachesTheSkipLinkWhichLeadsToTheContent() {
    browser.open("/users").tab();
    WebElement skip = browser.focused(".skip-link");
    assertThat(skip.getText()).isEqualTo("Skip to content");
    assertThat(skip.getRect().getY()).isNotNegative();

    browser.type(Keys.ENTER);
    assertThat(browser.focused("#content").isDisplayed()).isTrue();
    browser.tab();
    assertThat(browser.focused("#q").isDisplayed()).isTrue();
    browser.type("someone", Keys.ENTER).awaitPath("/users?q=someone");
    assertThat(browser.value("q")).isEqualTo("someone");
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 390})
  void phoneNeedsNoSidewaysScrolling(int width) {
    String handle = handle();
    User user = users.signUp(person(handle));
    String longest = "W".repeat(60);
    users.updateProfile(user.id(), 0, new ProfileChange(longest, "m".repeat(500)));
    users.changeHandle(user.id(), 1, handle + "-" + "w".repeat(29 - handle.length()));
    String page = "/users/" + users.find(user.id()).orElseThrow().handle();
    browser.resize(width, 800).signIn(page.substring("/users/".length()));

    for (String path :
        List.of(
            "/",
            "/users",
            "/users?q=W",
            page,
            page + "/edit",
            page + "/delete",
            "/following",
            "/settings",
            "/login",
            "/signup",
            "/nothing")) {
      browser.open(path);
      assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
          .as(path + " at " + width)
          .isEqualTo("true");
    }
  }

  @Test
  void darkScreensGetDarkPages() {
    String background = "getComputedStyle(document.body).backgroundColor";

    assertThat(browser.prefer("light").open("/").evaluate(background))
        .isEqualTo("rgb(251, 249, 244)");
    assertThat(browser.prefer("dark").evaluate(background)).isEqualTo("rgb(20, 24, 26)");
  }

  @Test
  void aPersonsChoiceOfTheLookWinsOverTheDevices() {
    User user = users.signUp(somebody());
    browser.prefer("light").signIn(user.handle()).open("/users/" + user.handle());
    browser.follow("Settings");
    assertThat(background()).isEqualTo("rgb(251, 249, 244)");
    browser.element("#theme-2").click();
    browser.press("Save “Look”");
    assertThat(browser.text()).contains("“Look” is saved.");
    assertThat(background()).isEqualTo("rgb(20, 24, 26)");
    browser.element("#theme-1").click();
    browser.press("Save “Look”").prefer("dark");
    assertThat(background()).isEqualTo("rgb(251, 249, 244)");
  }

  private String background() {
    return browser.evaluate("getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void everyFieldHasALabelAndEveryPageItsLandmarks() {
    User user = users.signUp(somebody());
    browser.open("/signup");
    assertLandmarksAndLabels("/signup");
    browser.signIn(user.handle());
    String page = "/users/" + user.handle();

    for (String path :
        List.of("/", "/users", "/following", "/settings", page, page + "/edit", page + "/delete")) {
      browser.open(path);
      assertLandmarksAndLabels(path);
    }
  }

  private void assertLandmarksAndLabels(String path) {
    assertThat(browser.count("header, main, footer")).as(path).isEqualTo(3);
    assertThat(browser.count("h1")).as(path).isEqualTo(1);
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('input:not([type=hidden]),textarea')]"
                    + ".filter(field => field.labels.length != 1).length"))
        .as(path)
        .isEqualTo("0");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('[id]')].map(e => e.id)"
                    + ".filter((id, i, all) => all.indexOf(id) != i).join()"))
        .as("ids used twice on " + path)
        .isEmpty();
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('[aria-describedby],[aria-labelledby]')]"
                    + ".flatMap(e => ((e.getAttribute('aria-describedby') || '') + ' '"
                    + " + (e.getAttribute('aria-labelledby') || '')).split(' '))"
                    + ".filter(id => id && !document.getElementById(id)).join()"))
        .as("ids referred to and missing on " + path)
        .isEmpty();
  }
}
