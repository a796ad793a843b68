package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import larder.cache.load.Several.Brought;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.JoinRule;
import larder.cache.statistics.Observations;
import larder.cache.transaction.MemoryNode;
import larder.cache.transaction.PersistenceContexts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Several loads for one caller: who brings what, who waits for whom, and that nobody hangs. */
@Timeout(60)
class SeveralLoadsTests {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final MemoryNode node =
      new MemoryNode(Duration.ofSeconds(60), PersistenceContexts.NONE, Call::keepPrivate);
  private final Loads loads = loads(LONG);
  private final CountDownLatch released = new CountDownLatch(1);

  private Loads loads(Duration patience) {
    return new Loads(
        node.transactions,
        node.follower,
        new JoinRule(node.follower, node.rule),
        KeyLocks.NONE,
        patience,
        patience,
        Observations.NONE);
  }

  @AfterEach
  void leavesNoCall() {
    released.countDown();
    assertThat(Call.current()).isNull();
    TransactionSynchronizationManager.clear();
  }

  /** Brings "v" and the key for each key, and keeps what is stored. */
  private static class Bringing implements Several {

    final ConcurrentLinkedQueue<List<String>> runs = new ConcurrentLinkedQueue<>();
    final Map<String, Loaded> stored = new HashMap<>();
    boolean remembers = true;

    @Override
    public Brought run(List<Missed> misses) {
      runs.add(misses.stream().map(Missed::key).toList());
      meanwhile();
      Map<Missed, Object> values = new HashMap<>();
      for (Missed miss : misses) {
        if (!miss.key().startsWith("none")) {
          values.put(miss, "v" + miss.key());
        }
      }
      return new Brought(values, miss -> Tags.of("t:a:" + miss.key()));
    }

    void meanwhile() {}

    @Override
    public boolean remembersNotFound() {
      return remembers;
    }

    @Override
    public void store(Map<Missed, Loaded> loaded) {
      loaded.forEach((miss, one) -> stored.put(miss.key(), one));
    }
  }

  /** Waits until all are released, and may fail then. */
  private final class Slow extends Bringing {

    final CountDownLatch begun = new CountDownLatch(1);
    private final @Nullable RuntimeException failure;

    Slow(@Nullable RuntimeException failure) {
      this.failure = failure;
    }

    @Override
    void meanwhile() {
      begun.countDown();
      awaited(released);
      if (failure != null) {
        throw failure;
      }
    }
  }

  @Test
  void eachValueIsStoredAsOfTheBeginningUnderItsOwnTags() {
    Position before = node.follower.position();
    Bringing bringing =
        new Bringing() {
          @Override
          void meanwhile() {
            node.service.append(Tags.of("k:b:1"));
          }
        };
    assertThat(values(loads, bringing, "1", "none", "2"))
        .containsOnly(Map.entry("1", "v1"), Map.entry("2", "v2"));
    assertThat(bringing.runs).containsExactly(List.of("1", "none", "2"));
    assertThat(bringing.stored).containsOnlyKeys("1", "2", "none");
    bringing.stored.forEach(
        (key, loaded) -> {
          assertThat(loaded.stamp().asOf()).isEqualTo(before);
          assertThat(loaded.stamp().tags()).isEqualTo(Tags.of("k:" + key, "t:a:" + key));
          assertThat(loaded.stamp().complete()).isTrue();
        });
  }

  @Test
  void overlappingCallersEachBringTheirPartAndShareTheRest() {
    Slow slow = new Slow(null);
    CompletableFuture<Map<String, Object>> one = inBackground(loads, slow, "1", "2");
    awaited(slow.begun);
    Bringing other = new Bringing();
    CompletableFuture<Map<String, Object>> two = inBackground(loads, other, "3", "2", "1");
    await().until(() -> other.runs.size() == 1 && isAnyJoining());
    assertThat(two).isNotDone();
    released.countDown();
    assertThat(one.join()).containsOnlyKeys("1", "2");
    assertThat(two.join()).containsOnlyKeys("1", "2", "3");
    assertThat(other.runs).containsExactly(List.of("3"));
    assertThat(slow.runs).containsExactly(List.of("1", "2"));
  }

  @Test
  void aFailedLoadLetsTheOthersLoadForThemselves() {
    Slow failing = new Slow(new IllegalStateException("no luck"));
    CompletableFuture<Map<String, Object>> one = inBackground(loads, failing, "1", "2");
    awaited(failing.begun);
    Bringing other = new Bringing();
    CompletableFuture<Map<String, Object>> two = inBackground(loads, other, "2", "3", "1");
    await().until(() -> other.runs.size() == 1 && isAnyJoining());
    released.countDown();
    assertThat(two.join()).containsOnlyKeys("1", "2", "3");
    assertThat(other.runs).containsExactly(List.of("3"), List.of("2", "1"));
    assertThatThrownBy(one::join).hasRootCauseMessage("no luck");
    assertThat(failing.stored).isEmpty();
    assertThat(values(loads, new Bringing(), "1")).containsOnlyKeys("1");
  }

  @Test
  void hangingLoadsDelayACallerForOnePatienceHoweverManyTheyAre() {
    Loads impatient = loads(Duration.ofMillis(300));
    String[] keys = IntStream.range(0, 60).mapToObj(Integer::toString).toArray(String[]::new);
    Slow hanging = new Slow(null);
    var unused = inBackground(impatient, hanging, keys);
    awaited(hanging.begun);
    Bringing other = new Bringing();
    long began = System.nanoTime();
    assertThat(values(impatient, other, keys)).hasSize(60);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
    assertThat(other.runs).containsExactly(List.of(keys));
  }

  @Test
  void aCallThatComesBackToItsOwnKeysLoadsThem() {
    Bringing inner = new Bringing();
    Bringing outer =
        new Bringing() {
          @Override
          void meanwhile() {
            assertThat(values(loads, inner, "2", "1")).hasSize(2);
          }
        };
    assertThat(values(loads, outer, "1", "2")).hasSize(2);
    assertThat(inner.runs).containsExactly(List.of("2", "1"));
  }

  @Test
  void nestedCallersInOppositeOrderDoNotWaitForEachOther() {
    CountDownLatch both = new CountDownLatch(2);
    CompletableFuture<Map<String, Object>> one = inBackground(loads, nesting(both, "2"), "1");
    CompletableFuture<Map<String, Object>> two = inBackground(loads, nesting(both, "1"), "2");
    assertThat(one).succeedsWithin(Duration.ofSeconds(10));
    assertThat(two).succeedsWithin(Duration.ofSeconds(10));
  }

  private Several nesting(CountDownLatch both, String inner) {
    return new Bringing() {
      @Override
      void meanwhile() {
        both.countDown();
        awaited(both);
        values(loads, new Bringing(), inner, "3");
      }
    };
  }

  @Test
  void aSingleLoadAndSeveralShareTheirFlights() {
    Slow slow = new Slow(null);
    CompletableFuture<Map<String, Object>> several = inBackground(loads, slow, "1", "2");
    awaited(slow.begun);
    CompletableFuture<Object> single =
        CompletableFuture.supplyAsync(() -> single("2", () -> "own"));
    await().until(SeveralLoadsTests::isAnyJoining);
    released.countDown();
    assertThat(single.join()).isEqualTo("v2");
    assertThat(several.join()).hasSize(2);
  }

  private Object single(String key, Loads.Method method) {
    Call call = Call.begin(null);
    try {
      call.missed(new NothingFound(key, "k:" + key));
      Object value = loads.load(call, method);
      return value == null ? "" : value;
    } catch (Throwable e) {
      throw new AssertionError(e);
    } finally {
      call.end();
    }
  }

  @Test
  void nothingIsKeptOfWhatIsNotToBeRemembered() {
    Bringing bringing = new Bringing();
    bringing.remembers = false;
    assertThat(values(loads, bringing, "none", "1")).containsOnlyKeys("1");
    assertThat(bringing.stored).containsOnlyKeys("1");
  }

  @Test
  void whatAWritingTransactionReadsIsForItsCallerAlone() {
    TransactionSynchronizationManager.initSynchronization();
    TransactionSynchronizationManager.setActualTransactionActive(true);
    Bringing bringing = new Bringing();
    assertThat(values(loads, bringing, "1", "2")).hasSize(2);
    assertThat(bringing.stored).isEmpty();
    TransactionSynchronizationManager.setActualTransactionActive(false);
  }

  @Test
  void whatMayHaveBeenRolledBackIsNotShared() {
    Bringing bringing =
        new Bringing() {
          @Override
          void meanwhile() {
            Call.keepPrivate();
          }
        };
    assertThat(values(loads, bringing, "1")).hasSize(1);
    assertThat(bringing.stored).isEmpty();
  }

  @Test
  void whoComesAfterAWriteTakesNothingOfALoadThatBeganBefore() {
    Slow slow = new Slow(null);
    CompletableFuture<Map<String, Object>> one = inBackground(loads, slow, "1", "2");
    awaited(slow.begun);
    node.service.append(Tags.of("t:a:1"));
    Bringing later = new Bringing();
    CompletableFuture<Map<String, Object>> two = inBackground(loads, later, "1", "2");
    await().until(SeveralLoadsTests::isAnyJoining);
    released.countDown();
    assertThat(two.join()).hasSize(2);
    assertThat(later.runs.peek()).contains("1");
    assertThat(one.join()).hasSize(2);
  }

  /** Callers with random keys, some of whose loads fail: all of them end. */
  @Test
  void nobodyHangsHoweverTheKeysOverlap() {
    List<CompletableFuture<Integer>> callers = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      Random random = new Random(caller);
      CompletableFuture<Integer> result = new CompletableFuture<>();
      callers.add(result);
      Thread thread = new Thread(() -> result.complete(callRandomly(random)), "random-caller");
      thread.setDaemon(true);
      thread.start();
    }
    for (CompletableFuture<Integer> caller : callers) {
      assertThat(caller.orTimeout(40, TimeUnit.SECONDS).join()).isPositive();
    }
  }

  private int callRandomly(Random random) {
    int answered = 0;
    for (int step = 0; step < 300; step++) {
      boolean fails = random.nextInt(5) == 0;
      String[] keys =
          random
              .ints(1 + random.nextInt(5), 0, 8)
              .distinct()
              .mapToObj(Integer::toString)
              .toArray(String[]::new);
      Bringing bringing =
          new Bringing() {
            @Override
            void meanwhile() {
              if (fails) {
                throw new IllegalStateException("no luck");
              }
            }
          };
      try {
        Map<String, Object> found = values(loads, bringing, keys);
        assertThat(found.keySet()).isEqualTo(new TreeSet<>(List.of(keys)));
        answered++;
      } catch (IllegalStateException e) {
        assertThat(fails).isTrue();
      }
    }
    return answered;
  }

  private static Map<String, Object> values(Loads loads, Several several, String... keys) {
    Call call = Call.begin(null);
    try {
      List<NothingFound> misses = new ArrayList<>();
      for (String key : keys) {
        misses.add(new NothingFound(key, "k:" + key));
      }
      Map<String, Object> values = new HashMap<>();
      loads
          .loadAll(call, misses, several)
          .forEach(
              (miss, loaded) -> {
                if (loaded.value() != null) {
                  values.put(miss.key(), loaded.value());
                }
              });
      return values;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    } finally {
      call.end();
    }
  }

  private static CompletableFuture<Map<String, Object>> inBackground(
      Loads loads, Several several, String... keys) {
    CompletableFuture<Map<String, Object>> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(values(loads, several, keys));
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            },
            "several-" + String.join(",", keys));
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** Whether a thread waits for another's flight. */
  private static boolean isAnyJoining() {
    return Thread.getAllStackTraces().entrySet().stream()
        .anyMatch(
            thread ->
                thread.getKey().getState() == Thread.State.TIMED_WAITING
                    && List.of(thread.getValue()).stream()
                        .anyMatch(frame -> frame.getClassName().equals(Flight.class.getName())));
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
