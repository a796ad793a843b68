package larder.writebehind;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method whose calls are kept in Redis, and which runs later, in a transaction, with all that has
 * come together.
 *
 * <p>The method takes one list of records and returns nothing:
 *
 * <pre>
 * &#64;WriteBehind(value = "profile-views", key = "userId")
 * public void count(List&lt;ProfileView&gt; views) { ... one statement for all of them ... }
 * </pre>
 *
 * <p>A call appends its elements and returns after one round trip to Redis. What was appended is
 * written once: the transaction that writes a batch also writes down how far it came. A call is not
 * part of the caller's transaction, and is not undone with it. As with other annotations, a call by
 * the object's own class passes by and runs the method at once.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface WriteBehind {

  /** Name of the buffer: small letters, digits and dashes. One method for each name. */
  String value();

  /**
   * Components of the record that tell whose write it is: writes of one key are written in the
   * order in which they were appended. Numbers, texts, enums, UUIDs and times only. Empty: any
   * order.
   */
  String[] key() default {};

  /** What becomes of a write that cannot be appended. */
  WhenRefused whenRefused() default WhenRefused.DROP;

  /**
   * What becomes of a write that is surely not in Redis, because the buffer is full or Redis is
   * away or refuses. One whose answer got lost may be there, and is never written a second time.
   */
  enum WhenRefused {
    /** It is given up and counted. */
    DROP,
    /** The caller gets a {@link WriteBehindRefusedException}, also when an answer got lost. */
    FAIL,
    /**
     * The caller's thread writes it to the database, within the caller's transaction if there is
     * one. It overtakes what waits, so this suits writes whose order does not matter.
     */
    WRITE_THROUGH
  }
}
