package larder.writebehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a method must be to write behind. */
class DeclarationTests {

  record Line(long id, LocalDate day, List<String> words) {}

  static class Good {
    @WriteBehind(
        value = "lines",
        key = {"id", "day"})
    void apply(List<Line> lines) {}

    @WriteBehind("any")
    void any(List<Line> lines) {}
  }

  static class Bad {
    @WriteBehind("Lines!")
    void name(List<Line> lines) {}

    @WriteBehind("lines")
    int returning(List<Line> lines) {
      return 0;
    }

    @WriteBehind("lines")
    void single(Line line) {}

    @WriteBehind("lines")
    void collection(Collection<Line> lines) {}

    @WriteBehind("lines")
    void text(List<String> lines) {}

    @WriteBehind(value = "lines", key = "nothing")
    void missing(List<Line> lines) {}

    @WriteBehind(value = "lines", key = "words")
    void list(List<Line> lines) {}

    @WriteBehind("lines")
    final void ending(List<Line> lines) {}

    @WriteBehind("lines")
    static void still(List<Line> lines) {}
  }

  private static Declaration declaration(Class<?> type, String name) {
    Method method =
        Stream.of(type.getDeclaredMethods())
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow();
    return Declaration.of(method, Objects.requireNonNull(method.getAnnotation(WriteBehind.class)));
  }

  @Test
  void oneKeyHasOnePartition() {
    Declaration said = declaration(Good.class, "apply");
    Line line = new Line(7, LocalDate.EPOCH, List.of("a"));
    Line same = new Line(7, LocalDate.EPOCH, List.of("b"));
    assertThat(said.partition(line, "x")).isEqualTo(said.partition(same, "y"));
    assertThat(
            Stream.iterate(0L, id -> id + 1)
                .limit(100)
                .map(id -> said.partition(new Line(id, LocalDate.EPOCH, List.of()), "")))
        .contains(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(said.partition(line, "")).as("nodes of all versions must agree").isEqualTo(PINNED);
  }

  /** A change of this number would lose the order of what waits during a deploy. */
  private static final int PINNED = 1;

  @Test
  void withoutAKeyItIsThatOfTheWhole() {
    Declaration said = declaration(Good.class, "any");
    Line line = new Line(7, LocalDate.EPOCH, List.of());
    assertThat(said.partition(line, "x")).isEqualTo(Partition.of("x"));
  }

  @ParameterizedTest
  @CsvSource({
    "name, its name must match [a-z][a-z0-9-]",
    "returning, it must return nothing",
    "single, it must take one List of a record",
    "collection, it must take one List of a record",
    "text, it must take one List of a record",
    "missing, Line has no nothing",
    "list, 'the key words must be a number, text, enum, UUID or time'",
    "ending, 'neither it nor its class may be private, static or final'",
    "still, 'neither it nor its class may be private, static or final'"
  })
  void whatCannotBeKeptIsSaidAtTheStart(String method, String rule) {
    assertThatThrownBy(() -> declaration(Bad.class, method))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@WriteBehind on Bad." + method + ": " + rule);
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(
            () ->
                new WriteBehindProperties(
                    true,
                    7,
                    BehindNode.SOON.batchSize(),
                    BehindNode.SOON.interval(),
                    BehindNode.SOON.lease(),
                    BehindNode.SOON.attempts(),
                    BehindNode.SOON.firstRetry(),
                    BehindNode.SOON.longestRetry(),
                    BehindNode.SOON.drain()))
        .hasMessage("larder.writebehind.max-length must be at least 8, was: 7");
  }
}
