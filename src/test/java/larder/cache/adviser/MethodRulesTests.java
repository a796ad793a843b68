package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import larder.cache.adviser.Finding.Severity;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

class MethodRulesTests {

  record Item(long id) {}

  @Entity
  static class Row {}

  static class Plain {
    @Cacheable("items")
    public Item find(long id) {
      return new Item(id);
    }

    @CacheEvict("items")
    public Row remove(long id) {
      return new Row();
    }
  }

  static class Types {
    @Cacheable("rows")
    public List<Row> rows() {
      return List.of();
    }

    @Cacheable("stages")
    public CompletionStage<Item> stage() {
      throw new UnsupportedOperationException();
    }

    @Cacheable(cacheNames = "named", cacheManager = "other")
    public Item named() {
      return new Item(1);
    }
  }

  interface Finds {
    Item find(long id);
  }

  static class Modifiers implements Finds {
    @Cacheable("a")
    private Item hidden() {
      return new Item(1);
    }

    @Cacheable("b")
    public static Item shared() {
      return new Item(2);
    }

    @Cacheable("c")
    public final Item fixed() {
      return new Item(3);
    }

    @Override
    @Cacheable("d")
    public final Item find(long id) {
      return hidden();
    }
  }

  static class Calling extends Plain {
    Item first() {
      return find(1);
    }

    Item second(boolean other) {
      return find(other ? 2 : 3);
    }

    Supplier<Item> later() {
      return () -> find(4);
    }

    LongFunction<Item> reference() {
      return this::find;
    }

    Item above() {
      return super.find(5);
    }
  }

  /** None of these passes by the proxy, or it cannot be told. */
  static class Careful implements Comparable<Careful> {
    private final Careful proxy = this;

    @Cacheable("items")
    public Item find(long id) {
      return new Item(id);
    }

    Item byProxy() {
      return proxy.find(1);
    }

    Item byOther(Careful other) {
      return other.find(1);
    }

    Item byProvider(Supplier<Careful> provider) {
      return provider.get().find(1);
    }

    Item another(long id) {
      return find(id, "x");
    }

    Item find(long id, String name) {
      return new Item(id + name.length());
    }

    @Override
    @Cacheable("compared")
    public int compareTo(Careful other) {
      return 0;
    }
  }

  static class Overriding extends Plain {
    @Override
    @Cacheable("items")
    public Item find(long id) {
      return super.find(id);
    }
  }

  @Test
  void findsNothingInWhatIsWritten() {
    assertThat(found(new Plain())).isEmpty();
  }

  @Test
  void findsWhatIsNeverKept() {
    assertThat(found(new Types()))
        .extracting(Finding::line)
        .containsExactlyInAnyOrder(
            "Types.rows is not cached, every call goes to the method: "
                + Row.class.getName()
                + " is a JPA entity; return a record of it instead",
            "Types.stage is not cached, every call goes to the method: Spring caches of a"
                + " CompletionStage only the CompletableFuture; declare that",
            "Types.named names a cacheManager or cacheResolver: its values are not typed by what it"
                + " returns, and callers who miss at the same time each load; leave the name out");
  }

  @Test
  void findsMethodsBeforeWhichNoProxyStands() {
    assertThat(found(new Modifiers()))
        .allSatisfy(
            finding -> {
              assertThat(finding.rule()).isEqualTo("unproxied-method");
              assertThat(finding.severity()).isEqualTo(Severity.WRONG);
            })
        .extracting(Finding::subject)
        .as("a final method of an interface has a proxy of the interface before it")
        .containsExactlyInAnyOrder("Modifiers.hidden", "Modifiers.shared", "Modifiers.fixed");
  }

  @Test
  void findsCallsOnThis() {
    assertThat(found(new Calling()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("self-call");
              assertThat(finding.subject()).isEqualTo("Plain.find");
              assertThat(finding.caches()).containsExactly("items");
              assertThat(finding.reason())
                  .contains("by above, first, later, reference, second of")
                  .doesNotContain("lambda");
            });
  }

  @Test
  void findsNoCallsOnOthersOfTheClass() {
    assertThat(found(new Careful())).isEmpty();
  }

  @Test
  void anOverridingMethodMayCallTheOneThatItOverrides() {
    assertThat(found(new Overriding())).isEmpty();
  }

  private static List<Finding> found(Object bean) {
    Declared declared = new Declared(bean);
    List<Finding> found = new ArrayList<>();
    declared
        .methods
        .reviewedBy(later -> {})
        .forEach(each -> found.addAll(MethodRules.of(each, declared.methods.typeOf(each))));
    return found;
  }
}
