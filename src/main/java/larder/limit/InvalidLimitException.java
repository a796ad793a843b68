package larder.limit;

/** A limit that cannot hold: a value out of its range, or two that contradict each other. */
public final class InvalidLimitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * @param message what is wrong, and where
   * @param remedy what to change
   */
  public InvalidLimitException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** Returns what to change. */
  public String remedy() {
    return remedy;
  }
}
