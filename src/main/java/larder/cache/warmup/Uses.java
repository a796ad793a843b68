package larder.cache.warmup;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How often one method is called with which arguments: a bounded count, in which a use counts for
 * half as much after each {@linkplain HotCalls#HALF_LIFE half-life}.
 *
 * <p>Callers {@link #add} to the span at hand. One thread ends the span from time to time; it keeps
 * the arguments used most in all, and those used most in that span, so that what becomes hot now
 * has the time to show it. Nothing waits: what comes in as a span ends may be lost.
 */
final class Uses {

  /** Of so many arguments for each one that is wanted, a span takes note. */
  private static final int SPAN = 16;

  private static final double LEAST = 0.5;

  private final int wanted;
  private volatile Map<List<@Nullable Object>, Long> span = new ConcurrentHashMap<>();

  /** Of the thread that ends spans. */
  private final Map<List<@Nullable Object>, Use> uses = new HashMap<>();

  private static final class Use {
    double count;
    double recent;
  }

  /**
   * @param wanted how many arguments are asked for, at least 1
   */
  Uses(int wanted) {
    this.wanted = wanted;
  }

  /** Adds some uses; those of new arguments get lost once the span has met too many. */
  void add(List<@Nullable Object> arguments, long count) {
    Map<List<@Nullable Object>, Long> at = span;
    if (at.size() < wanted * SPAN || at.containsKey(arguments)) {
      at.merge(arguments, count, Long::sum);
    }
  }

  /**
   * Ends a span.
   *
   * @param left what is left of the weight of uses from before it, 0 to 1
   */
  void endSpan(double left) {
    Map<List<@Nullable Object>, Long> ended = span;
    span = new ConcurrentHashMap<>();
    uses.values()
        .forEach(
            use -> {
              use.count *= left;
              use.recent = 0;
            });
    ended.forEach(
        (arguments, count) -> {
          Use use = uses.computeIfAbsent(arguments, any -> new Use());
          use.count += count;
          use.recent = count;
        });
    forgetTheCold();
  }

  private void forgetTheCold() {
    uses.values().removeIf(use -> use.count < LEAST);
    if (uses.size() > 2 * wanted) {
      Set<List<@Nullable Object>> kept = new HashSet<>();
      most(use -> use.count).forEach(one -> kept.add(one.getKey()));
      most(use -> use.recent).forEach(one -> kept.add(one.getKey()));
      uses.keySet().retainAll(kept);
    }
  }

  private Stream<Map.Entry<List<@Nullable Object>, Use>> most(ToDoubleFunction<Use> by) {
    Comparator<Map.Entry<List<@Nullable Object>, Use>> rising =
        Comparator.comparingDouble(one -> by.applyAsDouble(one.getValue()));
    return uses.entrySet().stream().sorted(rising.reversed()).limit(wanted);
  }

  /**
   * Returns the calls made most, the most used first, with how often they are; for the thread that
   * ends spans.
   *
   * @param text gives the text of a call with these arguments; null for one that has none
   */
  Map<String, Double> hottest(Function<List<@Nullable Object>, @Nullable String> text) {
    Map<String, Double> hottest = new LinkedHashMap<>();
    most(use -> use.count)
        .forEach(
            one -> {
              String call = text.apply(one.getKey());
              if (call != null) {
                hottest.put(call, one.getValue().count);
              }
            });
    return hottest;
  }

  /** Forgets all uses of spans that have ended; for the thread that ends spans. */
  void forget() {
    uses.clear();
  }

  /** Returns how many arguments are known; for the thread that ends spans. */
  int size() {
    return uses.size();
  }
}
