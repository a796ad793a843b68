package larder.limit;

/** Hears what was decided of each call of a {@link RateLimited} method, in the caller's thread. */
public interface DecisionListener {

  /**
   * Called before the method is, or the refusal thrown.
   *
   * @param decision with at least one standing
   */
  void decided(Decision decision);
}
