package larder.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/**
 * Clears of one peer's cache, each of a cache that is full.
 *
 * <p>Some peers are still at work when their method returns. So the time is that until it has
 * returned, and until the last look at one of the entries that still found it.
 *
 * @param peer whose cache it is
 * @param genuine how many entries it makes itself; the others are {@link Copies}
 */
record Clearing(Peer peer, int genuine) {

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int LOADERS = 32;
  private static final int LOOKED_AT = 50;

  /** Fills the cache with so many entries, and returns the milliseconds that a clear takes. */
  double clear(int count) {
    fill(count);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      long began = System.nanoTime();
      var cleared =
          caller.submit(
              () -> {
                peer.clear();
                return System.nanoTime();
              });
      long returned = cleared.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
      return (Math.max(returned, lastSeen(count, returned)) - began) / 1e6;
    } catch (TimeoutException e) {
      throw new IllegalStateException("it takes longer than " + LONGEST, e);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      caller.shutdownNow();
    }
  }

  /** Fills the cache, and looks whether the peer takes what is there for its own. */
  private void fill(int count) {
    int own = Math.min(count, genuine);
    ForkJoinPool loaders = new ForkJoinPool(LOADERS);
    loaders
        .submit(() -> LongStream.range(0, own).parallel().forEach(i -> peer.get(Copies.FIRST + i)))
        .join();
    loaders.shutdown();
    RedisMeasurements.awaitQuiet();
    Copies.make(own, count);
    String wanted = "entries that the peer takes for its own";
    if (genuine > 1) {
      RedisMeasurements.await(() -> some(count).allMatch(this::isHit), wanted);
    } else {
      RedisMeasurements.check(some(count).allMatch(this::isHit), "there are no " + wanted);
    }
  }

  private LongStream some(int count) {
    int real = genuine == 1 ? count : Math.min(count, genuine);
    int step = Math.max(1, real / LOOKED_AT);
    return LongStream.range(0, real / step).map(i -> Copies.FIRST + i * step);
  }

  /** Whether an account is in the cache; it is then, whether it was or not. */
  private boolean isHit(long id) {
    long before = peer.loads();
    peer.get(id);
    return peer.loads() == before;
  }

  /** Returns when an entry was found last, when all that are looked at are gone. */
  private long lastSeen(int count, long returned) {
    long last = returned;
    List<Long> left = new ArrayList<>(some(count).boxed().toList());
    while (!left.isEmpty()) {
      for (Iterator<Long> ids = left.iterator(); ids.hasNext(); ) {
        long looked = System.nanoTime();
        if (isHit(ids.next())) {
          last = looked;
        } else {
          ids.remove();
        }
      }
      RedisMeasurements.check(
          System.nanoTime() - returned < LONGEST.toNanos(), "what was cleared is still there");
    }
    return last;
  }
}
