package larder.limit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import larder.limit.Algorithm;
import larder.limit.InvalidLimitException;
import larder.limit.RateLimited;
import larder.limit.RateLimited.By;
import org.junit.jupiter.api.Test;

/** What annotations say, and those that stop the start. */
@SuppressWarnings("unused")
class MethodLimitParserTests {

  interface Declared {
    @RateLimited(limit = 4, window = "PT1H")
    void inherited();
  }

  static class Sound implements Declared {
    @RateLimited(limit = 5, window = "1m")
    void plain() {}

    @RateLimited(name = "a", limit = 5, window = "30s", by = By.IP)
    @RateLimited(name = "b", limit = 9, window = "1h", by = By.KEY, key = "#name")
    void two(String name) {}

    @Override
    public void inherited() {}
  }

  static class Wrong {
    @RateLimited(limit = 0, window = "1m")
    void zero() {}

    @RateLimited(limit = 1, window = "soon")
    void soon() {}

    @RateLimited(limit = 1, window = "1m", by = By.KEY)
    void noKey() {}

    @RateLimited(limit = 1, window = "1m", key = "#p0")
    void keyOfNobody(String name) {}

    @RateLimited(limit = 1, window = "1m", by = By.KEY, key = "#name +")
    void unreadable(String name) {}

    @RateLimited(limit = 1, window = "1m", condition = "#nmae != null")
    void misspelled(String name) {}

    @RateLimited(limit = 5, window = "1m", burst = 2)
    void burst() {}
  }

  private final MethodLimitParser parser = new MethodLimitParser();

  private static Method method(Class<?> type, String name) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readsWhatIsSaid() {
    assertThat(parser.parse(method(Sound.class, "plain")))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.limit().name()).isEqualTo("Sound.plain");
              assertThat(one.limit().algorithm()).isEqualTo(Algorithm.SLIDING_WINDOW);
              assertThat(one.limit().window()).isEqualTo(Duration.ofMinutes(1));
              assertThat(one.by()).isEqualTo(By.USER);
            });
    assertThat(parser.parse(method(Sound.class, "two")))
        .extracting(one -> one.limit().name())
        .containsExactly("a", "b");
    assertThat(parser.parse(method(Sound.class, "inherited")))
        .extracting(one -> one.limit().window())
        .containsExactly(Duration.ofHours(1));
    assertThat(parser.parse(method(Object.class, "toString"))).isEmpty();
  }

  @Test
  void refusesWhatCannotHoldWithTheMethodsName() {
    refuses("zero", "limit of limit 'Wrong.zero' must be at least 1, was: 0");
    refuses("soon", "has a window that is no duration: \"soon\"");
    refuses("noKey", "counts by key and has no key");
    refuses("keyOfNobody", "has a key and does not count by key");
    refuses("unreadable", "has a key that cannot be read: \"#name +\"");
    refuses("misspelled", "has a condition that speaks of #nmae, which is no parameter");
    refuses("burst", "left out but for a token bucket");
  }

  private void refuses(String name, String why) {
    assertThatThrownBy(() -> parser.parse(method(Wrong.class, name)))
        .isInstanceOf(InvalidLimitException.class)
        .hasMessageStartingWith("@RateLimited on " + Wrong.class.getName() + "." + name + " ")
        .hasMessageContaining(why);
  }
}
