package larder.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeySampleTests {

  @Test
  void countsWhatIsNotOursAndShowsHowItBegins() {
    assertThat(sample("app:users:v1:1", "spring:session:sessions:0f9c", "app:probe"))
        .isEqualTo(new KeySample(3, 1, "spring:"));
    assertThat(sample("{other}:log").example()).isEqualTo("{other}:");
    assertThat(sample("app:users:v1:1")).isEqualTo(new KeySample(1, 0, ""));
  }

  @Test
  void showsNoKeyThatMayBeASecret() {
    assertThat(sample("3f2c9a-token", "a b:c", "x".repeat(60) + ":y").example()).isEmpty();
  }

  @Test
  void aStrayKeyMakesNoSharedRedis() {
    assertThat(new KeySample(500, 9, "").isShared()).isFalse();
    assertThat(new KeySample(500, 10, "").isShared()).isTrue();
    assertThat(new KeySample(3, 1, "").isShared()).isTrue();
    assertThat(KeySample.NONE.isShared()).isFalse();
  }

  @Test
  void addsUp() {
    assertThat(sample("app:1", "jobs:1").and(sample("app:2")))
        .isEqualTo(new KeySample(3, 1, "jobs:"));
  }

  private static KeySample sample(String... keys) {
    return KeySample.of(List.of(keys), key -> key.startsWith("app:"));
  }
}
