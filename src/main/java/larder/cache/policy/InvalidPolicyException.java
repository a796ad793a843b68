package larder.cache.policy;

/** A policy that cannot hold: a value out of its range, or two that contradict each other. */
public final class InvalidPolicyException extends RuntimeException {

  private final String remedy;

  InvalidPolicyException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** Returns what to change. */
  public String remedy() {
    return remedy;
  }
}
