package larder.cache.method;

import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Draws a few calls of annotated methods, and takes those of them that caches have answered.
 *
 * <p>Called in the caller's thread at every call: must be next to nothing for a call that is not
 * drawn, and must never throw.
 */
public interface HitSampler {

  /** Draws none. */
  HitSampler NONE =
      new HitSampler() {
        @Override
        public @Nullable MethodInvocation draw(MethodInvocation invocation) {
          return null;
        }

        @Override
        public void hit(MethodInvocation drawn) {}
      };

  /**
   * Decides whether a call that is about to proceed is drawn.
   *
   * @return the same call, to proceed again from here at any later time; null if it is not drawn
   */
  @Nullable MethodInvocation draw(MethodInvocation invocation);

  /** Takes a drawn call that a cache has answered. */
  void hit(MethodInvocation drawn);
}
