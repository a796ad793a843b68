package larder.cache.method;

import org.aopalliance.intercept.MethodInvocation;

/**
 * Takes note of the calls that annotated methods answer, to learn which are made most.
 *
 * <p>Called in the caller's thread after every call that asked a cache and did not throw: must be
 * next to nothing for most of them, and must never throw.
 */
@FunctionalInterface
public interface UsageSampler {

  /** Takes note of none. */
  UsageSampler NONE = (invocation, loaded) -> {};

  /**
   * Takes note of a call.
   *
   * @param invocation the call, whose arguments are as its method got them
   * @param loaded whether its method ran, or another caller's; if not, a cache has answered
   */
  void answered(MethodInvocation invocation, boolean loaded);
}
