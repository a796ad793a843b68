package larder.cache.overview;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last samples of one cache, a set number of them. Thread-safe. */
final class CacheHistory {

  private final int most;
  private final Deque<CacheSample> samples = new ArrayDeque<>();

  /**
   * @param most how many spans are kept
   * @param first where the first span begins
   */
  CacheHistory(int most, CacheSample first) {
    this.most = most;
    samples.add(first);
  }

  synchronized void add(CacheSample sample) {
    samples.addLast(sample);
    if (samples.size() > most + 1) {
      samples.removeFirst();
    }
  }

  /** Returns the spans between the samples, the oldest first, and the one that ends now. */
  synchronized List<CacheStep> stepsUntil(CacheSample now) {
    List<CacheStep> steps = new ArrayList<>(samples.size());
    List<CacheSample> all = new ArrayList<>(samples);
    all.add(now);
    for (int i = 1; i < all.size(); i++) {
      steps.add(all.get(i).since(all.get(i - 1)));
    }
    return steps;
  }
}
