package larder.cache.manager;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.CacheManager;

/**
 * What Spring promises of every {@link Cache}, as the layer keeps it in each of its states; each
 * state's test extends it.
 *
 * <p>Three things hold in no state: {@code putIfAbsent} looks and puts in two steps, {@code
 * invalidate} does not know whether there were entries, and a value that was put may be absent (not
 * old) when somebody else put at the same time.
 */
abstract class CacheContract {

  private Cache cache;

  /** Returns a manager, whose caches need not be empty. */
  protected abstract CacheManager manager();

  /**
   * Whether what is put can be found. A node without a log knows no order of changes: each is an
   * evict there.
   */
  protected boolean keepsPuts() {
    return true;
  }

  /** Waits until what was just put or loaded can be found, where that takes a while. */
  protected void settle(Cache settling, Object key) {}

  CacheContract() {
    cache = new org.springframework.cache.support.NoOpCache("none yet");
  }

  @BeforeEach
  void openCache() {
    cache = cache("contract");
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
    give("k", "v");
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
    give("k", "v");

    assertThat(wrapped("k")).isEqualTo("v");
    assertThat(cache.get("k", String.class)).isEqualTo("v");
    assertThat(cache.get("k", Object.class)).isEqualTo("v");
  }

  @Test
  void get_null() {
    give("k", null);

    ValueWrapper found = Objects.requireNonNull(cache.get("k"));
    assertThat(found.get()).isNull();
    assertThat(cache.get("k", String.class)).isNull();
  }

  @Test
  void get_ofAnotherType() {
    give("k", "v");

    assertThatIllegalStateException().isThrownBy(() -> cache.get("k", Integer.class));
  }

  @Test
  void put_replaces() {
    for (Object value : List.of("v", "w", 5)) {
      give("k", "old");
      cache.put("k", value);
      assertPut("k", value);
    }
  }

  @Test
  void put_isFoundWhereNothingWas() {
    cache.put("k", "v");
    assertPut("k", "v");
    cache.put("n", null);
    assertPut("n", null);
  }

  @Test
  void put_keepsKeysApart() {
    give(1, "number");
    give("1", "text");

    assertThat(wrapped(1)).isEqualTo("number");
    assertThat(wrapped("1")).isEqualTo("text");
  }

  @Test
  void put_isSeenByOtherCachesOfNoOtherName() {
    give("k", "v");

    assertThat(Objects.requireNonNull(manager().getCache("contract2")).get("k")).isNull();
  }

  @Test
  void evict_removesOne() {
    give("k", "v");
    give("l", "w");
    cache.evict("k");
    cache.evict("absent");

    assertThat(cache.get("k")).isNull();
    assertThat(wrapped("l")).isEqualTo("w");
  }

  @Test
  void evictIfPresent_tells() {
    give("k", "v");

    assertThat(cache.evictIfPresent("k")).isTrue();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.evictIfPresent("k")).isFalse();
  }

  @Test
  void clear_removesAllOfThisCache() {
    Cache other = cache("contract-2");
    other.get("k", () -> "other");
    for (int i = 0; i < 1_500; i++) {
      int n = i;
      cache.get(i, () -> n);
    }
    cache.clear();

    for (int i = 0; i < 1_500; i++) {
      assertThat(cache.get(i)).isNull();
    }
    assertThat(other.get("k")).isNotNull();
  }

  @Test
  void invalidate_removesAllAndKnowsNotHowMany() {
    give("k", "v");

    assertThat(cache.invalidate()).isFalse();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.invalidate()).isFalse();
  }

  @Test
  void putIfAbsent_absent() {
    assertThat(cache.putIfAbsent("k", "v")).isNull();
    assertPut("k", "v");
  }

  @Test
  void putIfAbsent_present() {
    give("k", "v");

    assertThat(cache.putIfAbsent("k", "w"))
        .returns("v", wrapper -> Objects.requireNonNull(wrapper).get());
    assertThat(wrapped("k")).isEqualTo("v");
  }

  @Test
  void putIfAbsent_null() {
    give("k", null);

    ValueWrapper found = Objects.requireNonNull(cache.putIfAbsent("k", "w"));
    assertThat(found.get()).isNull();
  }

  /**
   * In two steps: several may find nothing, and what stays is a value of one of them or nothing.
   */
  @Test
  void putIfAbsent_concurrently() throws Exception {
    List<Object> answers =
        atOnce(
            16,
            n -> {
              ValueWrapper found = cache.putIfAbsent("k", "v" + n);
              return found == null ? "put" : Objects.requireNonNull(found.get());
            });
    assertThat(answers).contains("put").allMatch(a -> a.equals("put") || ("" + a).startsWith("v"));
    ValueWrapper left = cache.get("k");
    assertThat(left == null || ("" + left.get()).startsWith("v")).isTrue();
  }

  @Test
  void getWithLoader_loadsOnce() {
    AtomicInteger loads = new AtomicInteger();
    Callable<String> loader = () -> "v" + loads.incrementAndGet();

    assertThat(cache.get("k", loader)).isEqualTo("v1");
    settle(cache, "k");
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
    settle(cache, "k");
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
      settle(cache, n);
      assertThat(wrapped(n)).isEqualTo(n);
    }
  }

  @Test
  void getWithLoader_thatLoadsAnotherKey() {
    assertThat(cache.<Object>get("a", () -> cache.get("b", () -> "v"))).isEqualTo("v");
    settle(cache, "b");
    assertThat(wrapped("b")).isEqualTo("v");
  }

  @Test
  void retrieve_absent() {
    CompletableFuture<?> found = cache.retrieve("k");

    assertThat(found == null || found.join() == null).isTrue();
  }

  @Test
  void retrieve_present() {
    give("k", "v");
    CompletableFuture<?> found = Objects.requireNonNull(cache.retrieve("k"));

    Object value = found.join();
    assertThat(value instanceof ValueWrapper wrapper ? wrapper.get() : value).isEqualTo("v");
  }

  @Test
  void retrieve_null() {
    give("k", null);
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
      settle(cache, "k");
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

  private Cache cache(String name) {
    return Objects.requireNonNull(manager().getCache(name));
  }

  /**
   * Has the cache hold a value in any state: a load's. Redis may get to see the removal after it,
   * which costs one more load.
   */
  private void give(Object key, @Nullable Object value) {
    cache.evict(key);
    await()
        .until(
            () -> {
              cache.get(key, () -> value);
              return cache.get(key) != null;
            });
  }

  private void assertPut(Object key, @Nullable Object value) {
    if (keepsPuts()) {
      settle(cache, key);
      assertThat(wrapped(key)).isEqualTo(value);
    } else {
      assertThat(cache.get(key)).isNull();
    }
  }

  private @Nullable Object wrapped(Object key) {
    return Objects.requireNonNull(cache.get(key), "no value").get();
  }

  /** Long enough for all callers to be waiting. */
  private static void pause() {
    java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
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
