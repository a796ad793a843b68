package larder.cache.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

class RecentKeysTests {

  private final RecentKeys<Object> keys = new RecentKeys<>();

  private String name(Object key, int version) {
    return Objects.requireNonNull(keys.find(key, version)).name();
  }

  static Stream<Object> fixed() {
    return Stream.of(
        42,
        42L,
        (short) 4,
        (byte) 4,
        true,
        "text",
        new UUID(1, 2),
        Thread.State.NEW,
        SimpleKey.EMPTY,
        new SimpleKey(1L, "a", null));
  }

  @ParameterizedTest
  @MethodSource("fixed")
  void keepsWhatCanNeverChange(Object key) {
    keys.note(key, 1, "its name");
    assertThat(name(key, 1)).isEqualTo("its name");
  }

  static Stream<Object> changing() {
    return Stream.of(
        List.of(1),
        new SimpleKey(List.of(1)),
        new AtomicInteger(1),
        new Object(),
        new long[] {1},
        new SimpleKey("a", new AtomicInteger(1)));
  }

  @ParameterizedTest
  @MethodSource("changing")
  void doesNotKeepWhatMay(Object key) {
    keys.note(key, 1, "its name");
    assertThat(keys.find(key, 1)).isNull();
  }

  @Test
  void aNameIsOfOneVersion() {
    keys.note(42L, 1, "v1:42");
    assertThat(keys.find(42L, 2)).isNull();
    keys.note(42L, 2, "v2:42");
    assertThat(name(42L, 2)).isEqualTo("v2:42");
  }

  @Test
  void keysOfOneHashAreToldApart() {
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    keys.note("Aa", 1, "first");
    keys.note("BB", 1, "second");
    assertThat(name("Aa", 1)).isEqualTo("first");
    assertThat(name("BB", 1)).isEqualTo("second");
    for (int i = 0; i < 200; i++) {
      keys.note("C#", 1, "third");
    }
    assertThat(name("C#", 1)).isEqualTo("third");
    assertThat(Stream.of("Aa", "BB").filter(key -> keys.find(key, 1) != null)).hasSizeLessThan(2);
  }

  /** Each of 500 comes again after 20,000 others, more than twice as many as there are places. */
  @Test
  void manyKeysThatAreUsedOnceDoNotDriveOutThoseThatAreUsedOften() {
    int found = 0;
    long next = 1_000;
    for (int turn = 0; turn < 40; turn++) {
      for (long often = 0; often < 500; often++) {
        found += isFound(often) ? 1 : 0;
        for (int i = 0; i < 40; i++) {
          isFound(next++);
        }
      }
    }
    assertThat(found).isGreaterThan(20 * 500);
  }

  private boolean isFound(long id) {
    boolean found = keys.find(id, 1) != null;
    if (!found) {
      keys.note(id, 1, "" + id);
    }
    return found;
  }

  @Test
  void longNamesAreNotKept() {
    keys.note(1L, 1, "x".repeat(301));
    assertThat(keys.find(1L, 1)).isNull();
  }

  /** Of 2,000 keys that follow each other nearly all are kept, and none is mistaken. */
  @Test
  void manyKeysFitIn() {
    LongStream.range(0, 2_000).forEach(id -> keys.note(id, 1, "" + id));
    assertThat(LongStream.range(0, 2_000).filter(id -> keys.find(id, 1) != null).count())
        .isGreaterThan(1_900);
    assertThat(LongStream.range(0, 2_000).filter(id -> keys.find(id, 1) != null))
        .allSatisfy(id -> assertThat(name(id, 1)).isEqualTo("" + id));
  }
}
