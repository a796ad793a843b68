package larder.locks.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import larder.locks.Exclusive;
import org.junit.jupiter.api.Test;

/** Annotations that cannot hold are refused by the name of their method. */
class ExclusiveMethodsTests {

  private final ExclusiveMethods methods =
      new ExclusiveMethods(Duration.ofSeconds(30), Duration.ofMillis(40));

  private void refuses(Class<?> type, String message) {
    assertThatThrownBy(() -> methods.add(type))
        .isInstanceOf(InvalidExclusiveException.class)
        .hasMessageStartingWith("@Exclusive on " + type.getName() + ".run ")
        .hasMessageContaining(message);
  }

  static class Sound {
    @Exclusive
    void run() {}

    @Exclusive(
        name = "all",
        key = "#id",
        patience = "10s",
        lease = "400ms",
        otherwise = Exclusive.Otherwise.THROW)
    int count(long id) {
      return (int) id;
    }

    @Exclusive
    Optional<String> find() {
      return Optional.empty();
    }
  }

  @Test
  void soundOnesAreKnown() throws NoSuchMethodException {
    assertThat(methods.add(Sound.class)).isTrue();
    assertThat(methods.names(Sound.class))
        .containsExactlyInAnyOrder("Sound.run", "all", "Sound.find");
    assertThat(methods.of(Sound.class.getDeclaredMethod("run")))
        .extracting(ExclusiveOperation::lease)
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(methods.add(String.class)).isFalse();
    assertThat(methods.add(ExclusiveMethodsTests.class)).isFalse();
  }

  static class Private {
    @Exclusive
    @SuppressWarnings("UnusedMethod")
    private void run() {}
  }

  static class Static {
    @Exclusive
    static void run() {}
  }

  static class Final {
    @Exclusive
    final void run() {}
  }

  static final class InFinal {
    @Exclusive
    void run() {}
  }

  @Test
  void aMethodThatNoProxyCanStandBefore() {
    refuses(Private.class, "the method is private");
    refuses(Static.class, "the method is static");
    refuses(Final.class, "the method is final");
    refuses(InFinal.class, "the method is in a final class");
  }

  static class Negative {
    @Exclusive(patience = "-1s")
    void run() {}
  }

  static class NoDuration {
    @Exclusive(patience = "soon")
    void run() {}
  }

  static class Brief {
    @Exclusive(lease = "399ms")
    void run() {}
  }

  static class BadKey {
    @Exclusive(key = "#id +")
    void run(long id) {}
  }

  @Test
  void whatIsOutOfItsLimits() {
    refuses(Negative.class, "patience of zero or more, was: -1000 ms");
    refuses(NoDuration.class, "must have a patience such as 500ms, 30s or 5m, was: soon");
    refuses(Brief.class, "ten times larder.remote.deadline (40 ms), was: 399 ms");
    refuses(BadKey.class, "has a key that is no expression");
  }

  static class Primitive {
    @Exclusive
    int run() {
      return 1;
    }
  }

  static class Later {
    @Exclusive(otherwise = Exclusive.Otherwise.THROW)
    CompletableFuture<String> run() {
      return new CompletableFuture<>();
    }
  }

  @Test
  void aResultThatCannotSayWhatHappened() {
    refuses(Primitive.class, "cannot skip a call that returns int");
    refuses(Later.class, "would give its lock back before the work is done");
  }

  static class Overloaded {
    @Exclusive
    void run() {}

    @Exclusive
    void run(int number) {}
  }

  static class One {
    @Exclusive(name = "shared", lease = "20s")
    void go() {}
  }

  static class Other {
    @Exclusive(name = "shared", lease = "21s")
    void run() {}
  }

  @Test
  void namesThatClash() {
    refuses(Overloaded.class, "needs a name: Overloaded.run is the name of the lock of");
    methods.add(One.class);
    refuses(Other.class, "must have the lease of");
  }
}
