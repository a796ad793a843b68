package larder.cache.manager;

import larder.cache.statistics.Miss;

/** The outcome of a lookup. */
sealed interface Look permits Found, Look.Missing {

  /** Nothing that may be served, and why. */
  record Missing(Miss reason) implements Look {}
}
