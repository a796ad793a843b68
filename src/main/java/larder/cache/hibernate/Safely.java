package larder.cache.hibernate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what must never fail for the caller. */
final class Safely {

  private static final Logger LOG = LoggerFactory.getLogger(Safely.class);

  private Safely() {}

  /** Runs an action and returns whether it came to its end. */
  static boolean run(Runnable action) {
    try {
      action.run();
      return true;
    } catch (RuntimeException | StackOverflowError | LinkageError failure) {
      LOG.warn("What Hibernate read or wrote could not be told to the caches", failure);
      return false;
    }
  }
}
