package larder.locks;

/** A method did not run, since it runs on one node at a time and its lock was not to be had. */
public final class ExclusiveUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param lock the full name of the lock
   * @param why continues the sentence
   */
  public ExclusiveUnavailable(String lock, String why) {
    super("Lock '%s' was not to be had: %s".formatted(lock, why));
  }
}
