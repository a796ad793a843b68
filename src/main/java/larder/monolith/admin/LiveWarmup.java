package larder.monolith.admin;

import larder.cache.warmup.WarmupProgress;
import org.jspecify.annotations.Nullable;

/** Writes what is told of the warm-up of one cache. */
final class LiveWarmup {

  private final String cache;
  private final @Nullable WarmupProgress progress;
  private final Amounts amounts;

  /**
   * @param progress the last warm-up of the cache; null if there was none
   */
  LiveWarmup(String cache, @Nullable WarmupProgress progress, Amounts amounts) {
    this.cache = cache;
    this.progress = progress;
    this.amounts = amounts;
  }

  void write(Live live) {
    live.texts().put(cache + ".warmup", text());
    live.values().put(cache + ".warmup", share());
  }

  private double share() {
    return progress == null || progress.total() == 0
        ? 0
        : (double) progress.done() / progress.total();
  }

  private String text() {
    if (progress == null) {
      return "Not warmed since this node started, or nothing was remembered.";
    }
    String which = progress.cache() == null ? "All caches" : "This cache";
    return which + ": " + (progress.running() ? underWay(progress) : ended(progress));
  }

  private String underWay(WarmupProgress at) {
    return "%s of %s calls made so far.".formatted(count(at.done()), count(at.total()));
  }

  private String ended(WarmupProgress at) {
    String early = at.cut() == null ? "" : " Ended early, since " + at.cut() + ".";
    if (at.total() == 0) {
      return early.isEmpty() ? "nothing is remembered yet." : early.strip();
    }
    return "%s of %s calls made in %s, %s answered by the database, %s failed.%s"
        .formatted(
            count(at.done()),
            count(at.total()),
            amounts.time(at.took()),
            count(at.loaded()),
            count(at.failed()),
            early);
  }

  private String count(int number) {
    return amounts.count(number);
  }
}
