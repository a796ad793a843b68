package larder.monolith;

import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import larder.cache.overview.Overview;
import larder.dev.demo.DemoCaches;
import larder.dev.servers.TestServers;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A person who knows nothing finds the three broken caches of the profile {@code demo}. */
class DemoIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> BROKEN =
      List.of(DemoCaches.TOO_SHORT, DemoCaches.NEVER_TOLD, DemoCaches.TOO_LARGE);

  @BeforeAll
  static void requireChromium() {
    Browser.require();
  }

  @Test
  void findsTheThreeBrokenOnesFromThePages() {
    try (MonolithNode node =
            MonolithNode.start(
                TestServers.freshDatabase(),
                TestServers.redis(),
                application -> {
                  application.setAdditionalProfiles("demo");
                  application.addPrimarySources(List.of(DemoCaches.class));
                });
        Browser browser = new Browser(node.port())) {
      browser.signIn(administrator(node));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(BROKEN).allMatch(cache -> lookups(node, cache) >= 2));

      assertThat(browser.open("/admin/caches").text()).contains(BROKEN);
      browser.follow(DemoCaches.TOO_SHORT);
      assertThat(browser.text()).contains("500 ms", "@CachePolicy on Prices.of", "0.0 %");
      assertThat(browser.open("/admin/caches/" + DemoCaches.NEVER_TOLD).text())
          .contains("Not tracked.", "12 h");
      assertThat(browser.open("/admin/caches/" + DemoCaches.TOO_LARGE).text()).contains("0.0 %");
      adviserNamesAllThree(browser);
    }
  }

  private static void adviserNamesAllThree(Browser browser) {
    browser.open("/admin/caches");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(browser.text("#findings"))
                    .contains(BROKEN)
                    .contains("ttl-short", "never-invalidated", "values-too-large"));
  }

  private static long lookups(MonolithNode node, String cache) {
    return node.bean(Overview.class).cache(cache).total().lookups();
  }

  private static String administrator(MonolithNode node) {
    User user = node.bean(Users.class).signUp(somebody());
    node.bean(JdbcClient.class)
        .sql("update users set administrator = true where id = ?")
        .param(user.id())
        .update();
    return user.handle();
  }
}
