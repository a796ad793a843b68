package larder.cache.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import larder.cache.BulkCacheable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.util.ReflectionUtils;

class BulkSignatureTests {

  private static final CacheOperationSource SOURCE = BulkAnnotationParser.source();

  /** A base class whose type variables its subclasses fix. */
  static class Finder<K, V> {

    @BulkCacheable("things")
    public Map<K, V> findAll(Collection<K> ids) {
      return Map.of();
    }
  }

  static class Right extends Finder<Long, String> {

    @BulkCacheable("things")
    Map<String, List<String>> byList(List<String> ids) {
      return Map.of();
    }

    @BulkCacheable(value = "things", ownRows = "thing")
    Map<Integer, ? extends Number> bySet(Set<Integer> ids) {
      return Map.of();
    }

    @BulkCacheable("things")
    Map<String, Boolean> ofOne(long thing, Set<String> names) {
      return Map.of();
    }

    void plain() {}
  }

  @SuppressWarnings({"rawtypes", "NonApiType"})
  static class Wrong {

    @BulkCacheable("things")
    Map<Long, String> one(long id) {
      return Map.of();
    }

    @BulkCacheable("things")
    Map<Long, String> two(Collection<Long> ids, String more) {
      return Map.of();
    }

    @BulkCacheable("things")
    Map<Long, String> both(Collection<Long> ids, Collection<Long> others) {
      return Map.of();
    }

    @BulkCacheable("things")
    Map<Long, String> three(long id, long other, Collection<Long> ids) {
      return Map.of();
    }

    @BulkCacheable(value = "things", ownRows = "thing")
    Map<String, String> rows(long id, Collection<String> names) {
      return Map.of();
    }

    @BulkCacheable("things")
    List<String> list(List<Long> ids) {
      return List.of();
    }

    @BulkCacheable("things")
    HashMap<Long, String> kind(List<Long> ids) {
      return new HashMap<>();
    }

    @BulkCacheable("things")
    Map<Integer, String> other(List<Long> ids) {
      return Map.of();
    }

    @BulkCacheable("things")
    Map<Long, Optional<String>> optional(List<Long> ids) {
      return Map.of();
    }

    @BulkCacheable("things")
    Map raw(List<Long> ids) {
      return Map.of();
    }

    @BulkCacheable(" ")
    Map<Long, String> nameless(List<Long> ids) {
      return Map.of();
    }

    @BulkCacheable("things")
    @CacheEvict("things")
    Map<Long, String> twice(List<Long> ids) {
      return Map.of();
    }
  }

  @Cacheable("others")
  static class Overall {

    @BulkCacheable("things")
    Map<Long, String> twice(List<Long> ids) {
      return Map.of();
    }
  }

  private static Method method(Class<?> type, String name) {
    return Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theValuesAreThoseOfTheMap() {
    assertThat(BulkSignature.of(method(Right.class, "findAll"), Right.class).value())
        .isEqualTo(String.class);
    BulkSignature list = BulkSignature.of(method(Right.class, "byList"), Right.class);
    assertThat(list.value().getTypeName()).isEqualTo("java.util.List<java.lang.String>");
    assertThat(list.takesSet()).isFalse();
    assertThat(BulkSignature.of(method(Right.class, "bySet"), Right.class).takesSet()).isTrue();
    BulkSignature ofOne = BulkSignature.of(method(Right.class, "ofOne"), Right.class);
    assertThat(ofOne).isEqualTo(new BulkSignature(/* takesSet= */ true, Boolean.class));
  }

  @Test
  void anAnnotationSaysItsCacheAndTables() {
    assertThat(SOURCE.getCacheOperations(method(Right.class, "bySet"), Right.class))
        .singleElement()
        .isInstanceOfSatisfying(
            BulkCacheableOperation.class,
            bulk -> {
              assertThat(bulk.cache()).isEqualTo("things");
              assertThat(bulk.ownRows()).containsExactly("thing");
            });
    assertThat(SOURCE.getCacheOperations(method(Right.class, "plain"), Right.class))
        .isNullOrEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "one, 'does not take just one Collection, List or Set of ids'",
    "two, 'does not take just one Collection, List or Set of ids'",
    "both, 'does not take just one Collection, List or Set of ids'",
    "three, 'does not take just one Collection, List or Set of ids'",
    "rows, 'names ownRows, while its keys are made of two arguments and are no ids of rows'",
    "list, does not return a Map from id to value",
    "kind, does not return a Map from id to value",
    "other, takes ids of Long but returns a map by java.lang.Integer",
    "optional, 'returns a map of Optionals, while an id that is not found is not in the map'",
    "raw, does not say of which types its ids and values are",
    "nameless, names no cache",
    "twice, 'has another cache annotation, on itself or its class'"
  })
  void whatCannotHoldIsRefusedByNameWithItsRule(String name, String rule) {
    Method method = method(Wrong.class, name);
    assertThatThrownBy(() -> signature(method, Wrong.class))
        .isInstanceOfSatisfying(
            InvalidBulkMethodException.class, e -> assertThat(e.remedy()).isNotBlank())
        .hasMessage("Wrong." + name + " is @BulkCacheable and " + rule);
  }

  @Test
  void aClassWithAnotherAnnotationIsRefused() {
    assertThatThrownBy(() -> signature(method(Overall.class, "twice"), Overall.class))
        .hasMessageContaining("another cache annotation");
  }

  private static void signature(Method method, Class<?> target) {
    Objects.requireNonNull(SOURCE.getCacheOperations(method, target))
        .forEach(one -> ((BulkCacheableOperation) one).valueType(method, target));
  }
}
