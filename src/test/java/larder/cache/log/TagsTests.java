package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TagsTests {

  /** Stored in the log and in entries: these numbers never change. */
  @Test
  void hashesAreFrozen() {
    assertThat(Tags.hash("")).isEqualTo(0xefd01f60ba992926L);
    assertThat(Tags.hash("c:users")).isEqualTo(0xfaf2d9b7e1dc1b68L);
    assertThat(Tags.hash("k:users:42")).isEqualTo(0x0dab96bde13d6895L);
    assertThat(Tags.hash("k:users:Jürgen 😀")).isEqualTo(0xe77b302c14a00bdcL);
  }

  /** FNV-1a's published values, undone from the finalizer. */
  @Test
  void hashIsFinalizedFnv1a() {
    assertThat(unmixed(Tags.hash(""))).isEqualTo(0xcbf29ce484222325L);
    assertThat(unmixed(Tags.hash("a"))).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(unmixed(Tags.hash("foobar"))).isEqualTo(0x85944171f73967e8L);
  }

  private static long unmixed(long hash) {
    long x = hash ^ (hash >>> 33);
    x *= 0x9cb4b2f8129337dbL;
    x ^= x >>> 33;
    x *= 0x4f74430c22a54005L;
    return x ^ (x >>> 33);
  }

  @Test
  void similarTextsFallIntoDifferentSlots() {
    Set<Long> slots = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      slots.add(Tags.hash("k:users:" + i) >>> 44);
    }
    assertThat(slots).hasSizeGreaterThan(990);
  }

  @Test
  void isASetWithoutOrder() {
    assertThat(Tags.of("a", "b", "a"))
        .isEqualTo(Tags.of("b", "a"))
        .hasSameHashCodeAs(Tags.of("b", "a"));
    assertThat(Tags.of("a", "b", "a").size()).isEqualTo(2);
    assertThat(Tags.of("a")).isNotEqualTo(Tags.of("b"));
    assertThat(Tags.of()).isSameAs(Tags.NONE);
    assertThat(Tags.NONE.isEmpty()).isTrue();
    assertThat(Tags.ofHashes(255, 16)).hasToString("{10,ff}");
  }

  /** Compared with sets of the JDK, on random sets of few values so that many meet. */
  @Test
  void behavesAsASetOfNumbers() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      long[] first = random.longs(random.nextInt(6), -5, 5).toArray();
      long[] second = random.longs(random.nextInt(6), -5, 5).toArray();
      Set<Long> a = set(LongStream.of(first));
      Set<Long> b = set(LongStream.of(second));
      Tags tags = Tags.ofHashes(first);
      Tags other = Tags.ofHashes(second);
      assertThat(tags.intersects(other)).isEqualTo(a.stream().anyMatch(b::contains));
      assertThat(set(tags.and(other))).isEqualTo(set(LongStream.concat(stream(a), stream(b))));
      assertThat(set(tags.without(other)))
          .isEqualTo(set(stream(a).filter(hash -> !b.contains(hash))));
      assertThat(tags.contains(3)).isEqualTo(a.contains(3L));
    }
  }

  private static LongStream stream(Set<Long> set) {
    return set.stream().mapToLong(Long::longValue);
  }

  private static Set<Long> set(LongStream stream) {
    Set<Long> set = new HashSet<>();
    stream.forEach(set::add);
    return set;
  }

  private static Set<Long> set(Tags tags) {
    Set<Long> set = new HashSet<>();
    for (int i = 0; i < tags.size(); i++) {
      set.add(tags.hash(i));
    }
    return set;
  }
}
