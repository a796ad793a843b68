package larder.cache.log.redis;

import org.jspecify.annotations.Nullable;

/** Says that Redis did not answer in time; what was asked may have happened, or may yet. */
final class NoAnswerException extends RuntimeException {

  NoAnswerException(@Nullable Throwable cause) {
    super("Redis did not answer in time", cause, false, false);
  }
}
