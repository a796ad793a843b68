package larder.writebehind;

import java.util.Locale;

/** What is known of an append. */
public enum AppendOutcome {
  /** Redis has it. */
  APPENDED,
  /** Not appended: the buffer is at its bound. */
  FULL,
  /** Not appended: Redis does not answer, so nothing was sent. */
  AWAY,
  /** Not appended: Redis said no, such as for want of memory. */
  REFUSED,
  /** Sent, and not answered in time: Redis may have it. */
  UNKNOWN;

  /** Returns the name as metrics have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is sure that Redis does not have it. */
  boolean isRefusal() {
    return this == FULL || this == AWAY || this == REFUSED;
  }
}
