package larder.cache.log.redis;

/** Says that another server answered than before, so that what its answer proves begins afresh. */
final class OtherServerException extends RuntimeException {

  OtherServerException() {
    super("Another Redis server answers than before", null, false, false);
  }
}
