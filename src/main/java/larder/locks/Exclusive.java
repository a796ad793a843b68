package larder.locks;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method on one node at a time, and one thread of it.
 *
 * <p>The lock is taken before the method's transaction begins and given back after its end. A
 * method that calls itself, or another under the same lock, through its proxy meets the lock that
 * it holds: locks are not entered twice. A parameter of the type {@link FencingToken} gets the
 * number of the ownership when the caller hands over null.
 *
 * <p>An annotation that cannot hold stops the start and names the method.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Exclusive {

  /**
   * The name of the lock, the same on all nodes. The simple name of the class and the method's,
   * such as {@code Reports.mail}, if empty. Methods that share a name share the lock.
   */
  String name() default "";

  /**
   * An expression of Spring for what the lock is of, such as {@code #userId}: calls with different
   * values run beside each other. One lock for all calls if empty.
   */
  String key() default "";

  /**
   * How long a call waits in turn for the lock, such as {@code 10s}; zero does not wait. Callers
   * get in in the order in which they came. A page should not wait.
   */
  String patience() default "0s";

  /**
   * How long the lock outlives an owner that died, such as {@code 30s}; {@code larder.locks.lease}
   * if empty. At least ten times {@code larder.remote.deadline}. Methods that share a name have the
   * same.
   */
  String lease() default "";

  /**
   * Whether the lease is prolonged while the method runs. If not, the lock ends with its first
   * lease, and a method that takes longer may meet another.
   */
  boolean renewed() default true;

  /**
   * How long the lock stays taken at least, counted from when it was taken, such as {@code 30s}: a
   * job that is over in a moment is not run once more by a node whose clock is behind. Less than
   * the time between two turns.
   */
  String atLeast() default "0s";

  /** What becomes of a call whose lock is not to be had, or that Redis does not answer. */
  Otherwise otherwise() default Otherwise.SKIP;

  /** What becomes of a call that cannot have its lock. */
  enum Otherwise {

    /** It does nothing: for methods that return nothing, or an {@code Optional}, then empty. */
    SKIP,

    /** It throws {@link ExclusiveUnavailable}. */
    THROW
  }
}
