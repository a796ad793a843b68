package larder.cache.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import larder.cache.method.PlainOperations.PlainOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;

/** Which methods are answered without Spring's advice. */
class PlainOperationsTests {

  /** Methods that are plain, and the key that they are called with. */
  @SuppressWarnings("unused")
  static class Plain {
    @Cacheable("a")
    public String ofOne(long id) {
      return "";
    }

    @Cacheable("a")
    public String ofNone() {
      return "";
    }

    @Cacheable("a")
    public String ofTwo(long id, String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "#name")
    public String byName(long id, String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = " #p1 ")
    public String byNumber(long id, String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "#a0")
    public String byFirst(long id, String name) {
      return "";
    }

    /** A name goes before a number. */
    @Cacheable(cacheNames = "a", key = "#p1")
    public String byNameLikeANumber(long p1, String p0) {
      return "";
    }

    @Cacheable(cacheNames = "a", unless = "#result == null", sync = false)
    public @Nullable String unless(long id) {
      return "";
    }

    @Cacheable(cacheNames = "a", sync = true)
    public String synchronised(long id) {
      return "";
    }

    @Cacheable("a")
    public Optional<String> optional(long id) {
      return Optional.empty();
    }
  }

  /** Methods that are not. */
  @SuppressWarnings("unused")
  static class Other {
    @Cacheable(cacheNames = "a", condition = "#id > 0")
    public String conditional(long id) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "#name.length()")
    public String byExpression(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "#root.args[0]")
    public String byRoot(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "#nobody")
    public String byNobody(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "#p1")
    public String byTooHighANumber(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", key = "'#name'")
    public String byText(String name) {
      return "";
    }

    @Cacheable({"a", "b"})
    public String inTwo(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", keyGenerator = "mine")
    public String byGenerator(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", cacheManager = "mine")
    public String inAnother(String name) {
      return "";
    }

    @Cacheable(cacheNames = "a", cacheResolver = "mine")
    public String resolved(String name) {
      return "";
    }

    @Cacheable("a")
    public CompletableFuture<String> later(String name) {
      return CompletableFuture.completedFuture("");
    }

    @Cacheable("a")
    public String several(String... names) {
      return "";
    }

    @CachePut("a")
    public String puts(String name) {
      return "";
    }

    @CacheEvict("a")
    public String evicts(String name) {
      return "";
    }

    @Caching(cacheable = @Cacheable("a"), evict = @CacheEvict("b"))
    public String both(String name) {
      return "";
    }

    public String bare(String name) {
      return "";
    }
  }

  private final PlainOperations operations =
      new PlainOperations(new AnnotationCacheOperationSource(false));

  private @Nullable PlainOperation find(Class<?> type, String name) {
    Method method =
        Stream.of(type.getMethods())
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow();
    return operations.find(method, type);
  }

  private int argument(String name) {
    return Objects.requireNonNull(find(Plain.class, name)).argument();
  }

  @Test
  void theKeyIsMadeOfAllArgumentsOrIsOneOfThem() {
    assertThat(argument("ofOne")).isEqualTo(PlainOperation.ALL);
    assertThat(argument("ofNone")).isEqualTo(PlainOperation.ALL);
    assertThat(argument("ofTwo")).isEqualTo(PlainOperation.ALL);
    assertThat(argument("optional")).isEqualTo(PlainOperation.ALL);
    assertThat(argument("byName")).isEqualTo(1);
    assertThat(argument("byNumber")).isEqualTo(1);
    assertThat(argument("byFirst")).isEqualTo(0);
    assertThat(argument("byNameLikeANumber")).isEqualTo(0);
  }

  @Test
  void whatIsSaidOfTheTimeAfterTheMethodDoesNotMatter() {
    assertThat(argument("unless")).isEqualTo(PlainOperation.ALL);
    assertThat(argument("synchronised")).isEqualTo(PlainOperation.ALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conditional",
        "byExpression",
        "byRoot",
        "byNobody",
        "byTooHighANumber",
        "byText",
        "inTwo",
        "byGenerator",
        "inAnother",
        "resolved",
        "later",
        "several",
        "puts",
        "evicts",
        "both",
        "bare"
      })
  void everythingElseIsLeftToSpring(String method) {
    assertThat(find(Other.class, method)).isNull();
  }

  /** A method of a parent may be annotated differently below. */
  @Test
  void whatIsSaidOfTheClassCounts() throws Exception {
    class Below extends Plain {
      @Override
      @Cacheable({"a", "b"})
      public String ofOne(long id) {
        return "";
      }
    }
    Method method = Plain.class.getMethod("ofOne", long.class);
    assertThat(operations.find(method, Plain.class)).isNotNull();
    assertThat(operations.find(method, Below.class)).isNull();
  }

  private boolean looksUpOneKey(Class<?> type, String name) {
    return Stream.of(type.getMethods())
        .filter(one -> one.getName().equals(name))
        .allMatch(one -> operations.looksUpOneKey(one, type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conditional", "byExpression", "byRoot", "byGenerator", "inAnother", "resolved"})
  void aCallWithOneLookupLoadsNextHoweverItsKeyIsMade(String name) {
    assertThat(looksUpOneKey(Other.class, name)).isTrue();
    assertThat(looksUpOneKey(Plain.class, "ofOne")).isTrue();
    assertThat(looksUpOneKey(Plain.class, "unless")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"inTwo", "later", "puts", "evicts", "both", "bare"})
  void aCallWithMoreOrOtherThingsToDoDoesNot(String name) {
    assertThat(looksUpOneKey(Other.class, name)).isFalse();
  }
}
