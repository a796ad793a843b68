package larder.locks;

/**
 * The number of one ownership of a lock, higher than all that were given before it.
 *
 * <p>An owner hands it to whatever it writes to, which refuses a lower one than it has seen: so an
 * owner that was paused past its lease cannot write any more once the next has written. A method
 * under {@link Exclusive} gets it through a parameter of this type, for which its caller hands over
 * null.
 *
 * @param name the full name of the lock
 * @param number positive
 */
public record FencingToken(String name, long number) {}
