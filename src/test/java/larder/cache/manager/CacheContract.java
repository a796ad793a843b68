package larder.cache.manager;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.CacheManager;

/** What Spring promises of every {@link Cache}; each implementation's test extends it. */
abstract class CacheContract {

  private Cache cache;

  /** Returns a manager whose caches are empty. */
  protected abstract CacheManager manager();

  CacheContract() {
    cache = new org.springframework.cache.support.NoOpCache("none yet");
  }

  @BeforeEach
  void openCache() {
    cache = Objects.requireNonNull(manager().getCache("contract"));
    cache.clear();
  }

  @Test
  void name_isTheOneAskedFor() {
    assertThat(cache.getName()).isEqualTo("contract");
    assertThat(cache.getNativeCache()).isNotNull();
    assertThat(manager().getCache("contract")).isSameAs(cache);
  }

  @Test
  void manager_knowsAnyName() {
    assertThat(manager().getCache("never heard of: it")).isNotNull();
    assertThat(manager().getCacheNames()).contains("contract", "never heard of: it");
  }

  @Test
  void manager_resetsItsCaches() {
    cache.put("k", "v");
    manager().resetCaches();

    assertThat(cache.get("k")).isNull();
  }

  @Test
  void get_absent() {
    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("k", String.class)).isNull();
  }

  @Test
  void get_present() {
    cache.put("k", "v");

    assertThat(wrapped("k")).isEqualTo("v");
    assertThat(cache.get("k", String.class)).isEqualTo("v");
    assertThat(cache.get("k", Object.class)).isEqualTo("v");
  }

  @Test
  void get_null() {
    cache.put("k", null);

    ValueWrapper found = Objects.requireNonNull(cache.get("k"));
    assertThat(found.get()).isNull();
    assertThat(cache.get("k", String.class)).isNull();
  }

  @Test
  void get_ofAnotherType() {
    cache.put("k", "v");

    assertThatIllegalStateException().isThrownBy(() -> cache.get("k", Integer.class));
  }

  @Test
  void put_replaces() {
    cache.put("k", "v");
    cache.put("k", "w");
    assertThat(wrapped("k")).isEqualTo("w");
    cache.put("k", 5);
    assertThat(wrapped("k")).isEqualTo(5);
  }

  @Test
  void put_keepsKeysApart() {
    cache.put(1, "number");
    cache.put("1", "text");

    assertThat(wrapped(1)).isEqualTo("number");
    assertThat(wrapped("1")).isEqualTo("text");
  }

  @Test
  void put_isSeenByOtherCachesOfNoOtherName() {
    cache.put("k", "v");

    assertThat(Objects.requireNonNull(manager().getCache("contract2")).get("k")).isNull();
  }

  @Test
  void evict_removesOne() {
    cache.put("k", "v");
    cache.put("l", "w");
    cache.evict("k");
    cache.evict("absent");

    assertThat(cache.get("k")).isNull();
    assertThat(wrapped("l")).isEqualTo("w");
  }

  @Test
  void evictIfPresent_tells() {
    cache.put("k", "v");

    assertThat(cache.evictIfPresent("k")).isTrue();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.evictIfPresent("k")).isFalse();
  }

  @Test
  void clear_removesAllOfThisCache() {
    Cache other = Objects.requireNonNull(manager().getCache("contract-2"));
    other.put("k", "other");
    for (int i = 0; i < 1_500; i++) {
      cache.put(i, i);
    }
    cache.clear();

    for (int i = 0; i < 1_500; i++) {
      assertThat(cache.get(i)).isNull();
    }
    assertThat(other.get("k")).isNotNull();
  }

  @Test
  void invalidate_tells() {
    assertThat(cache.invalidate()).isFalse();
    cache.put("k", "v");
    assertThat(cache.invalidate()).isTrue();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.invalidate()).isFalse();
  }

  @Test
  void putIfAbsent_absent() {
    assertThat(cache.putIfAbsent("k", "v")).isNull();
    assertThat(wrapped("k")).isEqualTo("v");
  }

  @Test
  void putIfAbsent_present() {
    cache.put("k", "v");

    assertThat(cache.putIfAbsent("k", "w"))
        .returns("v", wrapper -> Objects.requireNonNull(wrapper).get());
    assertThat(wrapped("k")).isEqualTo("v");
  }

  @Test
  void putIfAbsent_null() {
    assertThat(cache.putIfAbsent("k", null)).isNull();
    ValueWrapper found = Objects.requireNonNull(cache.putIfAbsent("k", "w"));
    assertThat(found.get()).isNull();
  }

  @Test
  void putIfAbsent_concurrently() throws Exception {
    List<ValueWrapper> found = new ArrayList<>();
    int won = 0;
    for (ValueWrapper answer :
        atOnce(16, n -> java.util.Optional.ofNullable(cache.putIfAbsent("k", "v" + n))).stream()
            .map(answer -> answer.orElse(null))
            .toList()) {
      if (answer == null) {
        won++;
      } else {
        found.add(answer);
      }
    }
    assertThat(won).isEqualTo(1);
    assertThat(found).allSatisfy(wrapper -> assertThat(wrapper.get()).isEqualTo(wrapped("k")));
  }

  @Test
  void getWithLoader_loadsOnce() {
    AtomicInteger loads = new AtomicInteger();
    Callable<String> loader = () -> "v" + loads.incrementAndGet();

    assertThat(cache.get("k", loader)).isEqualTo("v1");
    assertThat(cache.get("k", loader)).isEqualTo("v1");
    assertThat(wrapped("k")).isEqualTo("v1");
  }

  @Test
  void getWithLoader_null() {
    AtomicInteger loads = new AtomicInteger();
    Callable<Object> loader =
        () -> {
          loads.incrementAndGet();
          return null;
        };

    assertThat(cache.get("k", loader)).isNull();
    assertThat(cache.get("k", loader)).isNull();
    assertThat(loads).hasValue(1);
  }

  @Test
  void getWithLoader_wrapsWhatTheLoaderThrows() {
    IOException failure = new IOException("no");
    Callable<String> loader =
        () -> {
          throw failure;
        };

    assertThatExceptionOfType(ValueRetrievalException.class)
        .isThrownBy(() -> cache.get("k", loader))
        .withCause(failure)
        .returns("k", ValueRetrievalException::getKey);
    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("k", () -> "later")).isEqualTo("later");
  }

  @Test
  void getWithLoader_concurrently() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    Callable<String> loader =
        () -> {
          pause();
          return "v" + loads.incrementAndGet();
        };

    assertThat(atOnce(64, n -> Objects.requireNonNull(cache.get("k", loader))))
        .containsOnly("v1")
        .hasSize(64);
    assertThat(loads).hasValue(1);
  }

  @Test
  void getWithLoader_ofDifferentKeysAtOnce() throws Exception {
    assertThat(atOnce(32, n -> Objects.requireNonNull(cache.get(n, () -> n)))).hasSize(32);
    for (int n = 0; n < 32; n++) {
      assertThat(wrapped(n)).isEqualTo(n);
    }
  }

  @Test
  void getWithLoader_thatLoadsAnotherKey() {
    assertThat(cache.<Object>get("a", () -> cache.get("b", () -> "v"))).isEqualTo("v");
    assertThat(wrapped("b")).isEqualTo("v");
  }

  @Test
  void retrieve_absent() {
    CompletableFuture<?> found = cache.retrieve("k");

    assertThat(found == null || found.join() == null).isTrue();
  }

  @Test
  void retrieve_present() {
    cache.put("k", "v");
    CompletableFuture<?> found = Objects.requireNonNull(cache.retrieve("k"));

    Object value = found.join();
    assertThat(value instanceof ValueWrapper wrapper ? wrapper.get() : value).isEqualTo("v");
  }

  @Test
  void retrieve_null() {
    cache.put("k", null);
    CompletableFuture<?> found = Objects.requireNonNull(cache.retrieve("k"));

    assertThat(found.join())
        .isInstanceOfSatisfying(ValueWrapper.class, w -> assertThat(w.get()).isNull());
  }

  @Test
  void retrieveWithLoader_loadsOnce() {
    AtomicInteger loads = new AtomicInteger();

    for (int i = 0; i < 3; i++) {
      assertThat(
              cache
                  .retrieve(
                      "k", () -> CompletableFuture.supplyAsync(() -> "v" + loads.incrementAndGet()))
                  .join())
          .isEqualTo("v1");
    }
    assertThat(wrapped("k")).isEqualTo("v1");
  }

  @Test
  void retrieveWithLoader_thatFails() {
    IOException failure = new IOException("no");

    assertThat(cache.retrieve("k", () -> CompletableFuture.failedFuture(failure)))
        .isCompletedExceptionally();
    assertThat(cache.get("k")).isNull();
  }

  private @org.jspecify.annotations.Nullable Object wrapped(Object key) {
    return Objects.requireNonNull(cache.get(key), "no value").get();
  }

  /** Long enough for all callers to be waiting. */
  private static void pause() {
    java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
  }

  private interface Call<T> {
    T of(int caller) throws Exception;
  }

  private static <T> List<T> atOnce(int callers, Call<T> call) throws Exception {
    CountDownLatch ready = new CountDownLatch(callers);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<T>> answers = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        int caller = i;
        answers.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return call.of(caller);
                }));
      }
      List<T> all = new ArrayList<>();
      for (Future<T> answer : answers) {
        all.add(answer.get(30, SECONDS));
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }
}
