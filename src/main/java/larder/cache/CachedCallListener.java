package larder.cache;

/**
 * Hears of every answered call of a cached method.
 *
 * <p>Beans of this type are found by the layer. They are called after the answer is known, also
 * when the method threw: in the caller's thread, or, for a {@code CompletableFuture}, in the thread
 * that completes it. They must be quick and must not block. What they throw is logged and goes no
 * further.
 */
@FunctionalInterface
public interface CachedCallListener {

  /** Called once for each answered call; of a bulk method, once for each place it came from. */
  void answered(CachedCall call);
}
