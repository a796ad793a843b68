package larder.monolith;

import static larder.monolith.People.PASSWORD;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import larder.cache.log.service.LogService;
import larder.cache.manager.LarderCacheManager;
import larder.cache.warmup.CallMemory;
import larder.cache.warmup.Warmup;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import larder.notice.Notices;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The pages on which administrators look after the caches, in a real browser. */
@MonolithTest
class AdministrationIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired JdbcClient database;
  @Autowired LogService log;
  @Autowired Notices notices;
  @Autowired Environment settings;
  @Autowired LarderCacheManager caches;
  @Autowired CallMemory memory;
  @Autowired Warmup warmup;

  private static @Nullable Browser shared;

  @SuppressWarnings("NullAway.Init")
  private Browser browser;

  private User administrator;

  @BeforeAll
  static void requireChromium() {
    Browser.require();
  }

  @BeforeEach
  void anAdministratorSignsIn() {
    browser = shared == null ? new Browser(port) : shared;
    shared = browser;
    browser.startAfresh();
    administrator = users.signUp(somebody());
    database
        .sql("update users set administrator = true where id = ?")
        .param(administrator.id())
        .update();
    await().until(log::isCurrent);
    browser.signIn(administrator.handle());
  }

  @AfterAll
  static void closeBrowser() {
    if (shared != null) {
      shared.close();
      shared = null;
    }
  }

  @Test
  void onlyAdministratorsAreLetIn() {
    User member = users.signUp(somebody());
    Visitor visitor = new Visitor(port);
    List<String> paths =
        List.of(
            "/admin/caches",
            "/admin/caches/users",
            "/admin/notices",
            "/admin/caches/users/key?key=1",
            "/admin/invalidations",
            "/admin/sessions",
            "/admin/locks",
            "/admin/live");
    for (String path : paths) {
      assertThat(visitor.get(path).statusCode()).as(path).isEqualTo(302);
      assertThat(visitor.get(path).headers().firstValue("Location").orElse("")).endsWith("/login");
    }
    visitor.signIn(member.handle(), PASSWORD);
    for (String path : paths) {
      assertThat(visitor.get(path).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(visitor.post("/users", "/admin/caches/users/clear", Map.of()).statusCode())
        .isEqualTo(403);
    assertThat(visitor.post("/users", "/admin/caches/users/warm-up", Map.of()).statusCode())
        .isEqualTo(403);
    assertThat(visitor.get("/").body()).doesNotContain("/admin/");
    assertThat(browser.open("/").header()).contains("Caches");
  }

  @Test
  void thePageOfNoticesTellsWhatHappenedHere() {
    browser.open("/users");
    await().until(notices::isListening);
    assertThat(notices.publishAndWait("nobody", "listens")).isTrue();
    browser.open("/admin/caches").follow("Notices");
    assertThat(browser.path()).isEqualTo("/admin/notices");
    assertThat(browser.text()).contains("Live.", "Open pages", "Caught up", "Lost");
  }

  @Test
  void scriptsOfOurOwnAreTheOnlyOnesThatAnyPageMayRun() {
    Visitor visitor = new Visitor(port);
    assertThat(policy(visitor, "/users")).doesNotContain("script-src");
    visitor.signIn(administrator.handle(), PASSWORD);
    assertThat(policy(visitor, "/admin/caches"))
        .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
        .doesNotContain("unsafe");
    for (String path : List.of("/admin/caches", "/admin/caches/users", "/admin/invalidations")) {
      assertThat(visitor.get(path).body())
          .containsPattern("<script src=\"/larder-live-[0-9a-f]+\\.js\" defer></script>")
          .containsPattern("<script src=\"/larder-notices-[0-9a-f]+\\.js\" defer></script>")
          .doesNotContainPattern("(?s)(<script.*){3}")
          .doesNotContain(" style=", " onclick=", "javascript:");
    }
  }

  private static String policy(Visitor visitor, String path) {
    return visitor.get(path).headers().firstValue("Content-Security-Policy").orElse("");
  }

  @Test
  void figuresAndPlotsChangeWithoutAReload() {
    browser.open("/admin/caches");
    browser.evaluate("window.opened = 'once'");
    String lookups = live("users-by-handle.lookups");
    String total = live("users-by-handle.total");
    String position = live("node.position");
    for (int i = 0; i < 5; i++) {
      users.findByHandle(administrator.handle());
    }
    users.updateProfile(administrator.id(), 0, new ProfileChange("New name", ""));

    await().atMost(PATIENCE).until(() -> !live("users-by-handle.total").equals(total));
    await().atMost(PATIENCE).until(() -> !live("users-by-handle.lookups").equals(lookups));
    await().atMost(PATIENCE).until(() -> !live("node.position").equals(position));
    assertThat(browser.evaluate("window.opened")).isEqualTo("once");
    assertThat(browser.text()).contains("Live, every two seconds.");

    String entries = shape("users-by-handle.entries");
    await().atMost(PATIENCE).until(() -> !shape("users-by-handle.entries").equals(entries));

    browser.element("[data-live-pause]").click();
    assertThat(browser.text()).contains("Paused.");
  }

  private String live(String name) {
    return browser.evaluate("document.querySelector('[data-live=\"" + name + "\"]').textContent");
  }

  private String shape(String name) {
    return browser.evaluate(
        "document.querySelector('[data-live-path=\"" + name + "\"]').getAttribute('d')");
  }

  @Test
  void anInvalidationIsToldWithoutAReloadByNameAndByWhom() {
    User somebody = users.signUp(somebody());
    browser.open("/admin/invalidations");
    browser.evaluate("window.opened = 'once'");
    users.updateProfile(somebody.id(), 0, new ProfileChange("Other", "words"));

    String row = "users row " + somebody.id();
    await().atMost(PATIENCE).until(() -> browser.text().contains(row));
    assertThat(browser.evaluate("window.opened")).isEqualTo("once");
    assertThat(line(row)).contains("write by JPA or JDBC", "this node");

    User another = users.signUp(somebody());
    users.find(another.id());
    anotherProgram()
        .sql("update users set bio = 'by hand' where id = ?")
        .param(another.id())
        .update();
    String found = "users row " + another.id();
    await()
        .atMost(PATIENCE)
        .until(() -> browser.text().contains(found) && line(found).contains("SQL"));
    assertThat(line(found)).contains("SQL, told by the outbox", "relay of this node");
  }

  /** Returns the newest line of the feed that names something. */
  private String line(String named) {
    return browser.evaluate(
        "[...document.querySelectorAll('.feed tr')].find(e => e.innerText.includes('"
            + named
            + "')).innerText");
  }

  private JdbcClient anotherProgram() {
    return JdbcClient.create(
        new DriverManagerDataSource(
            settings.getRequiredProperty("spring.datasource.url"),
            settings.getRequiredProperty("spring.datasource.username"),
            settings.getRequiredProperty("spring.datasource.password")));
  }

  @Test
  void aCacheIsClearedOnceItWasConfirmed() {
    users.find(administrator.id());
    browser.open("/admin/caches").follow("users");
    assertThat(browser.heading()).isEqualTo("users");
    assertThat(browser.text())
        .contains("Users.find(long) @Cacheable", "@CachePolicy on Users", "larder.defaults.jitter")
        .contains("something it depends on has changed", "Loads that depend on single rows");
    assertThat(browser.element(".confirm .btn-danger").isDisplayed()).isFalse();

    browser.element(".confirm summary").click();
    browser.press("Clear it now");
    assertThat(browser.text()).contains("The cache users is cleared, on all nodes.");
    assertThat(browser.open("/admin/invalidations").text(".feed tbody tr"))
        .contains("cache users", "clear", "this node");
  }

  @Test
  void aCacheIsWarmedAndTheBarFollows() {
    caches.getCache("users").clear();
    users.find(administrator.id());
    memory.tell();
    caches.getCache("users").clear();
    browser.open("/admin/caches/users");
    browser.evaluate("window.opened = 'once'");
    String bar = "'' + document.querySelector('[data-live-value]').value";
    assertThat(browser.element("progress").isDisplayed()).isTrue();
    assertThat(browser.evaluate(bar)).isEqualTo("0");
    assertThat(warmup.begin("users")).isTrue();
    await().atMost(PATIENCE).until(() -> browser.evaluate(bar).equals("1"));
    await()
        .atMost(PATIENCE)
        .until(
            () -> live("users.warmup").matches("This cache: [\\d,]+ of [\\d,]+ calls made in .*"));
    assertThat(browser.evaluate("window.opened")).isEqualTo("once");

    browser.press("Warm up now");
    assertThat(browser.heading()).isEqualTo("users");
    assertThat(browser.text()).contains("The cache users is being warmed, on this node.");
    await().atMost(PATIENCE).until(() -> !warmup.progress("users").orElseThrow().running());

    Visitor without = new Visitor(port);
    without.signIn(administrator.handle(), PASSWORD);
    assertThat(without.postWithoutToken("/admin/caches/users/warm-up", Map.of()).statusCode())
        .isEqualTo(403);
    assertThat(without.get("/admin/caches/users").body())
        .containsPattern("<progress[^>]* value=\"1.0\"")
        .contains("This cache: ");
  }

  @Test
  void aKeyIsLookedAtAndEvicted() {
    User somebody = users.signUp(somebody());
    users.find(somebody.id());
    browser.open("/admin/caches/users").fill("key", "" + somebody.id()).press("Look");
    assertThat(browser.heading()).isEqualTo("Key " + somebody.id());
    assertThat(browser.text())
        .contains("In this process", "Would be served.", "users row " + somebody.id())
        .contains("cache users", "users key " + somebody.id());

    browser.press("Evict this key");
    assertThat(browser.text())
        .contains("The key " + somebody.id() + " is evicted, on all nodes.")
        .contains("Neither this process nor Redis holds this key.");
    assertThat(browser.open("/admin/invalidations").text(".feed tbody tr"))
        .contains("users key " + somebody.id(), "evict", "this node");
  }

  @Test
  void behindEachPlotIsATableThatTheKeyboardReaches() {
    users.findByHandle(administrator.handle());
    browser.open("/admin/caches");
    assertThat(browser.count(".plots")).isPositive();
    assertThat(browser.count(".plots")).isEqualTo(browser.count(".plots details table"));
    assertThat(browser.count("#cards article:first-child tbody tr")).isEqualTo(10);

    browser.evaluate("document.querySelector('.behind summary').focus()");
    browser.type(Keys.ENTER);
    assertThat(browser.element(".behind table").isDisplayed()).isTrue();
    browser.tab();
    assertThat(browser.focused(".behind .scroll").isDisplayed()).isTrue();
  }

  @Test
  void whatDoesNotExistIsSaid() {
    assertThat(browser.open("/admin/caches/nothing").text()).contains("404");
    assertThat(browser.open("/admin/caches/users/key?key=-1").text())
        .contains("Neither this process nor Redis holds this key.");
  }

  @Test
  void phonesAndDarkScreensAreServedWell() {
    users.find(administrator.id());
    String background = "getComputedStyle(document.body).backgroundColor";
    String line = "getComputedStyle(document.querySelector('.spark path')).stroke";
    browser.resize(390, 800).prefer("light").open("/admin/caches");
    String light = browser.evaluate(background) + browser.evaluate(line);
    String dark = browser.prefer("dark").evaluate(background) + browser.evaluate(line);
    assertThat(dark).isNotEqualTo(light);

    for (int width : new int[] {320, 390}) {
      browser.resize(width, 800);
      for (String path :
          List.of(
              "/admin/caches",
              "/admin/caches/users",
              "/admin/caches/users/key?key=" + administrator.id(),
              "/admin/invalidations",
              "/admin/sessions",
              "/admin/locks")) {
        browser.open(path);
        browser.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)");
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
            .as(path + " at " + width)
            .isEqualTo("true");
        assertThat(browser.count("h1")).as(path).isEqualTo(1);
        assertThat(
                browser.evaluate(
                    "[...document.querySelectorAll('[id]')].map(e => e.id)"
                        + ".filter((id, i, all) => all.indexOf(id) != i).join()"))
            .as("ids used twice on " + path)
            .isEmpty();
      }
    }
  }
}
