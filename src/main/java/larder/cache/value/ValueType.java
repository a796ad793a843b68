package larder.cache.value;

import larder.cache.Encoding;
import tools.jackson.databind.JavaType;

/**
 * A type of cached values: what a method declares to return, and how far that can be trusted to
 * survive the trip to Redis and back.
 *
 * @param java the type, generics included
 * @param soundness what is known of the trip
 * @param shareable whether no caller can change a value, so that callers may share it
 * @param fingerprint hash of the type's name and shape: a changed class has another one
 * @param encoding how values are written and read; {@link Encoding#COMPACT} if nothing is said
 */
public record ValueType(
    JavaType java, Soundness soundness, boolean shareable, long fingerprint, Encoding encoding) {

  /** Returns the same type, its values in an encoding. */
  public ValueType in(Encoding other) {
    return other == encoding ? this : new ValueType(java, soundness, shareable, fingerprint, other);
  }

  /** Returns a type's text as a developer would write it. */
  @Override
  public String toString() {
    return java.toCanonical();
  }

  /**
   * What is known of values of a type.
   *
   * @param level how sound
   * @param reason why not fully; empty if {@link Level#SOUND}
   */
  public record Soundness(Level level, String reason) {

    static final Soundness SOUND = new Soundness(Level.SOUND, "");

    Soundness and(Soundness other) {
      return other.level().compareTo(level) > 0 ? other : this;
    }
  }

  /** How sound, from best to worst. */
  public enum Level {
    /** Built of scalars, records and plain containers: survives by construction. */
    SOUND,
    /** May survive: each value is tried before it is kept. */
    OPEN,
    /** Never kept. */
    UNSOUND
  }
}
