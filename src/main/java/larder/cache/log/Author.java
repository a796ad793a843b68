package larder.cache.log;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who made a change known, for people who look at the log; nothing is decided by it.
 *
 * @param node the name of the node that appended the record
 * @param causes what it tells of; empty if that is not known
 */
public record Author(String node, Set<Cause> causes) {

  /** What a record tells of. */
  public enum Cause {
    /** An evict, by annotation or by hand. */
    EVICT(1),
    /** A value put in place of another, by annotation or by hand. */
    PUT(2),
    /** A cleared cache. */
    CLEAR(4),
    /** What a transaction of the application wrote, by JPA or JDBC. */
    WRITE(8),
    /** What somebody committed in the database, as its outbox tells. */
    OUTBOX(16);

    /** Part of the stored form. */
    private final int bit;

    Cause(int bit) {
      this.bit = bit;
    }
  }

  /** Copies the set, and rejects a name that a record cannot carry. */
  public Author {
    causes = Set.copyOf(causes);
    if (ShortText.encode(node).length > TransactionId.MAX_ISSUER_BYTES) {
      throw new IllegalArgumentException("The name of a node must have at most 255 bytes");
    }
  }

  /** Returns the causes as the bits of a byte. */
  byte bits() {
    int bits = 0;
    for (Cause cause : causes) {
      bits |= cause.bit;
    }
    return (byte) bits;
  }

  /** Returns the causes that these bits mean; those of a later version are passed over. */
  static Set<Cause> causes(byte bits) {
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    for (Cause cause : Cause.values()) {
      if ((bits & cause.bit) != 0) {
        causes.add(cause);
      }
    }
    return causes;
  }
}
