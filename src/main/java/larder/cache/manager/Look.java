package larder.cache.manager;

import java.util.concurrent.atomic.AtomicBoolean;
import larder.cache.statistics.Miss;
import org.jspecify.annotations.Nullable;

/** The outcome of a lookup. */
sealed interface Look permits Found, Look.Missing, Look.Unasked {

  /** Returns what was found; null if it is nothing that may be served. */
  static @Nullable Found found(Look look) {
    return look instanceof Found found ? found : null;
  }

  /** Nothing that may be served, and why. */
  record Missing(Miss reason) implements Look {}

  /**
   * Nothing in this process that may be served; and Redis, which hardly has anything either, is to
   * be asked when the value is to be loaded.
   *
   * @param reason why there is nothing in this process
   * @param counted whether the lookup has been counted, as who waits for another's load is at once
   */
  record Unasked(Miss reason, AtomicBoolean counted) implements Look {

    Unasked(Miss reason) {
      this(reason, new AtomicBoolean());
    }

    /** Whether it is still to be counted, which it is by the caller then. */
    boolean isToBeCounted() {
      return counted.compareAndSet(false, true);
    }
  }
}
