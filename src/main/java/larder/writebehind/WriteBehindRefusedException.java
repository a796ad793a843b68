package larder.writebehind;

/** A write that was not, or perhaps not, kept for later. */
public final class WriteBehindRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final AppendOutcome outcome;

  WriteBehindRefusedException(String buffer, AppendOutcome outcome) {
    super("Buffer %s has not taken a write: %s".formatted(buffer, reason(outcome)));
    this.outcome = outcome;
  }

  private static String reason(AppendOutcome outcome) {
    return switch (outcome) {
      case FULL -> "it is full";
      case AWAY -> "Redis does not answer";
      case REFUSED -> "Redis refuses";
      default -> "Redis did not answer in time, and may have it";
    };
  }

  /** Returns what is known; {@link AppendOutcome#UNKNOWN} if it may be written all the same. */
  public AppendOutcome outcome() {
    return outcome;
  }
}
