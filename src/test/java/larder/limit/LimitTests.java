package larder.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import larder.limit.LimitProperties.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimitTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Limit SEARCH = bucket(60, 10);

  private static Limit bucket(int limit, int burst) {
    return new Limit(
        "search",
        Algorithm.TOKEN_BUCKET,
        limit,
        MINUTE,
        burst,
        WhenAway.LOCAL,
        /* enabled= */ true);
  }

  private static Settings settings(
      @Nullable Integer limit, @Nullable Algorithm algorithm, @Nullable Integer burst) {
    return new Settings(null, limit, null, algorithm, burst, null);
  }

  private static LimitCatalog catalog(String name, Settings settings) {
    return new LimitCatalog(Map.of(name, settings));
  }

  private static Limit holds(String name, Settings settings) {
    LimitCatalog catalog = catalog(name, settings);
    catalog.declare(SEARCH, "A.b");
    return catalog.find("search");
  }

  @Test
  void refusesWhatCannotHold() {
    assertThatThrownBy(() -> Limit.slidingWindow("x", 0, MINUTE))
        .hasMessage("limit of limit 'x' must be at least 1, was: 0");
    assertThatThrownBy(() -> Limit.slidingWindow("x", 10_001, MINUTE))
        .hasMessageContaining("at most 10000 for a sliding window");
    assertThatThrownBy(() -> Limit.slidingWindow("x", 1, Duration.ZERO))
        .hasMessage("window of limit 'x' must be from 1ms to 366d, was: PT0S");
    assertThatThrownBy(() -> Limit.slidingWindow("x", 1, Duration.ofDays(367)))
        .hasMessageContaining("366d");
    assertThatThrownBy(() -> Limit.slidingWindow("a b", 1, MINUTE))
        .hasMessageContaining("letters, digits");
    assertThatThrownBy(() -> bucket(5, 6)).hasMessageContaining("burst");
    assertThatThrownBy(
            () ->
                new Limit(
                    "x", Algorithm.FIXED_WINDOW, 5, MINUTE, 2, WhenAway.LOCAL, /* enabled= */ true))
        .hasMessageContaining("left out but for a token bucket");
  }

  @Test
  void settingsWin() {
    assertThat(holds("search", settings(5, null, null))).isEqualTo(bucket(5, 5));
    assertThat(holds("search", settings(600, null, null))).isEqualTo(bucket(600, 10));
    assertThat(holds("search", settings(null, null, 20))).isEqualTo(bucket(60, 20));
    assertThat(holds("search", settings(null, Algorithm.SLIDING_WINDOW, null)))
        .isEqualTo(Limit.slidingWindow("search", 60, MINUTE));
    assertThat(
            holds(
                "search",
                new Settings(false, null, Duration.ofHours(1), null, null, WhenAway.ALLOW)))
        .isEqualTo(
            new Limit(
                "search",
                Algorithm.TOKEN_BUCKET,
                60,
                Duration.ofHours(1),
                10,
                WhenAway.ALLOW,
                /* enabled= */ false));
    assertThatThrownBy(() -> holds("search", settings(0, null, null)))
        .hasMessageContaining("limit of limit 'search' must be at least 1, was: 0");
  }

  /** As an environment variable has it. */
  @Test
  void settingsMayLeaveOutSignsAndCase() {
    Limit signIn = Limit.slidingWindow("sign-in.Name", 5, MINUTE);
    LimitCatalog catalog = catalog("signinname", settings(7, null, null));
    catalog.declare(signIn, "A.b");
    assertThat(catalog.find("sign-in.Name").limit()).isEqualTo(7);
    assertThat(catalog.unknownSettings()).isEmpty();
  }

  @Test
  void settingsOfNoLimitAreNamed() {
    LimitCatalog catalog = catalog("serach", settings(7, null, null));
    catalog.declare(SEARCH, "A.b");
    assertThat(catalog.unknownSettings()).containsExactly("serach");
  }

  @Test
  void placesMayShareALimitIfTheySayTheSame() {
    LimitCatalog catalog = new LimitCatalog(Map.of());
    catalog.declare(SEARCH, "A.b");
    catalog.declare(SEARCH, "C.d");
    assertThat(catalog.all()).hasSize(1);
    assertThat(catalog.all().get(0).where()).containsExactly("A.b", "C.d");
    assertThatThrownBy(() -> catalog.declare(bucket(61, 10), "E.f"))
        .isInstanceOf(InvalidLimitException.class)
        .hasMessage("Limit 'search' is said in two ways: by A.b and by E.f");
  }
}
