package larder.cache.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SameValueTests {

  static class Part {
    private final @Nullable Object inner;
    private final transient int unseen;

    Part(@Nullable Object inner, int unseen) {
      this.inner = inner;
      this.unseen = unseen;
    }

    @Nullable Object inner() {
      return inner;
    }

    int unseen() {
      return unseen;
    }

    /** Says too much. */
    @Override
    public boolean equals(@Nullable Object other) {
      return true;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  static class BiggerPart extends Part {
    BiggerPart(@Nullable Object inner) {
      super(inner, 0);
    }
  }

  static class Titled extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
    final String title;

    Titled(String title, String... elements) {
      super(List.of(elements));
      this.title = title;
    }
  }

  static class Owned extends HashMap<String, String> {
    private static final long serialVersionUID = 1L;
    final String owner;

    Owned(String owner) {
      this.owner = owner;
    }
  }

  @Test
  void nothingIsTheSameAsNothingOnly() {
    assertThat(SameValue.same(null, null)).isTrue();
    assertThat(SameValue.same(null, "")).isFalse();
    assertThat(SameValue.same("", null)).isFalse();
    assertThat(SameValue.same(Optional.empty(), null)).isFalse();
  }

  @Test
  void comparesPartsWhateverEqualsSays() {
    assertThat(SameValue.same(new Part(1, 1), new Part(1, 1))).isTrue();
    assertThat(SameValue.same(new Part(1, 1), new Part(2, 1))).isFalse();
    assertThat(SameValue.same(new Part(1, 1), new Part(1L, 1))).isFalse();
    assertThat(SameValue.same(new Part(null, 1), new Part(1, 1))).isFalse();
    assertThat(SameValue.same(List.of(new Part(1, 1)), List.of(new Part(2, 1)))).isFalse();
    assertThat(SameValue.same(Map.of("a", new Part(1, 1)), Map.of("a", new Part(2, 1)))).isFalse();
    assertThat(SameValue.same(Optional.of(new Part(1, 1)), Optional.of(new Part(2, 1)))).isFalse();
    assertThat(SameValue.same(new Part[] {new Part(1, 1)}, new Part[] {new Part(2, 1)})).isFalse();
  }

  @Test
  void leavesOutWhatIsTransient() {
    assertThat(SameValue.same(new Part(1, 1), new Part(1, 2))).isTrue();
  }

  @Test
  void anotherClassIsDifferent() {
    assertThat(SameValue.same(new BiggerPart(1), new Part(1, 0))).isFalse();
    assertThat(SameValue.same(1, 1L)).isFalse();
    assertThat(SameValue.same(new BigDecimal("1.0"), new BigDecimal("1.00"))).isFalse();
  }

  @Test
  void oneKindOfContainerDoesForAnother() {
    assertThat(SameValue.same(new ArrayList<>(List.of(1, 2)), Arrays.asList(1, 2))).isTrue();
    assertThat(SameValue.same(Set.of(1), new LinkedHashSet<>(Set.of(1)))).isTrue();
    assertThat(SameValue.same(Map.of(1, 2), new LinkedHashMap<>(Map.of(1, 2)))).isTrue();
    assertThat(SameValue.same(Set.of(1), List.of(1))).isFalse();
    assertThat(SameValue.same(List.of(1), Map.of(1, 1))).isFalse();
  }

  @Test
  void theOrderOfElementsMatters() {
    assertThat(SameValue.same(List.of(1, 2), List.of(2, 1))).isFalse();
    assertThat(SameValue.same(ordered(1, 2), ordered(1, 2))).isTrue();
    assertThat(SameValue.same(ordered(1, 2), ordered(2, 1))).isFalse();
    assertThat(SameValue.same(List.of(1), List.of(1, 2))).isFalse();
  }

  @Test
  void setsAndMapsSayTheSameInAnyOrder() {
    assertThat(SameValue.saysSame(ordered(1, 2), ordered(2, 1))).isTrue();
    assertThat(SameValue.saysSame(ordered(1, 2), ordered(1, 3))).isFalse();
    assertThat(SameValue.saysSame(List.of(1, 2), List.of(2, 1))).isFalse();
    Map<Integer, Integer> map = new LinkedHashMap<>();
    map.put(1, 1);
    map.put(2, 2);
    Map<Integer, Integer> turned = new LinkedHashMap<>();
    turned.put(2, 2);
    turned.put(1, 1);
    assertThat(SameValue.same(map, turned)).isFalse();
    assertThat(SameValue.saysSame(map, turned)).isTrue();
    turned.put(1, 3);
    assertThat(SameValue.saysSame(map, turned)).isFalse();
  }

  @Test
  void anOrderOfOnesOwnIsLost() {
    Set<String> anyCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Map<String, String> anyCaseMap = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    assertThat(SameValue.same(anyCase, new LinkedHashSet<>())).isFalse();
    assertThat(SameValue.same(anyCaseMap, new LinkedHashMap<>())).isFalse();
    assertThat(SameValue.same(new TreeSet<>(List.of(1)), ordered(1))).isTrue();
    assertThat(SameValue.same(new TreeSet<>(Collections.reverseOrder()), ordered())).isFalse();
  }

  @Test
  void aContainersOwnPartsMatter() {
    assertThat(SameValue.same(new Titled("a", "x"), new Titled("a", "x"))).isTrue();
    assertThat(SameValue.same(new Titled("a", "x"), new Titled("b", "x"))).isFalse();
    assertThat(SameValue.same(new Owned("a"), new Owned("a"))).isTrue();
    assertThat(SameValue.same(new Owned("a"), new Owned("b"))).isFalse();
  }

  @Test
  void whatCannotBeLookedIntoIsDifferent() {
    assertThat(SameValue.same(new Random(1), new Random(1))).isFalse();
    assertThat(SameValue.same(new Object(), new Object())).isFalse();
  }

  @Test
  void whatIsNestedTooDeepIsDifferent() {
    assertThat(SameValue.same(nested(60), nested(60))).isTrue();
    assertThat(SameValue.same(nested(70), nested(70))).isFalse();
    List<Object> snake = new ArrayList<>();
    snake.add(snake);
    assertThat(SameValue.same(snake, snake)).isFalse();
  }

  private static Object nested(int depth) {
    Object inner = 1;
    for (int i = 0; i < depth; i++) {
      inner = new Part(inner, 0);
    }
    return inner;
  }

  private static Set<Integer> ordered(Integer... elements) {
    return new LinkedHashSet<>(List.of(elements));
  }
}
