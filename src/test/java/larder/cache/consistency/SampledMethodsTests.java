package larder.cache.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

class SampledMethodsTests {

  /** Methods with all kinds of annotations. */
  public static class Service {

    @Cacheable("users")
    public String read() {
      return "";
    }

    @Cacheable("users")
    @CacheEvict("others")
    public String readAndEvict() {
      return "";
    }

    @Cacheable("users")
    @CachePut("others")
    public String readAndPut() {
      return "";
    }

    @Cacheable("users")
    public CompletableFuture<String> readLater() {
      return CompletableFuture.completedFuture("");
    }

    @Cacheable({"users", "dear"})
    public String readDear() {
      return "";
    }

    public String plain() {
      return "";
    }
  }

  private final Service service = new Service();
  private long nanos = Long.MAX_VALUE - 5;
  private final SampledMethods methods =
      new SampledMethods(new AnnotationCacheOperationSource(), Set.of("dear"), () -> nanos);

  private static Method method(String name) {
    return Arrays.stream(Service.class.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private boolean mayRun(String name) {
    return methods.mayRun(method(name), service);
  }

  @Test
  void runsMethodsThatOnlyRead() {
    assertThat(mayRun("read")).isTrue();
    assertThat(mayRun("readAndEvict")).isFalse();
    assertThat(mayRun("readAndPut")).isFalse();
    assertThat(mayRun("readLater")).isFalse();
    assertThat(mayRun("plain")).isFalse();
  }

  @Test
  void neverRunsMethodsOfExcludedCaches() {
    assertThat(mayRun("readDear")).isFalse();
  }

  @Test
  void leavesAMethodAloneForAMinuteThatThrew() {
    methods.failed(method("read"), service);
    assertThat(mayRun("read")).isFalse();
    nanos += Duration.ofSeconds(61).toNanos();
    assertThat(mayRun("read")).isTrue();
  }
}
