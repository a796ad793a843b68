package larder.cache.log.redis;

/** Says that Redis did not answer in time; what was asked may have happened, or may yet. */
final class NoAnswerException extends RuntimeException {

  NoAnswerException() {
    super("Redis did not answer in time", null, false, false);
  }
}
