package larder.cache.manager;

/** Hears what a cache had to say to the call at hand. */
public interface CallObserver {

  /** Hears nothing. */
  CallObserver NO_OP = () -> {};

  /** The cache had the answer. */
  void hit();
}
