package larder.limit;

import java.time.Duration;
import java.util.List;

/** A call that was refused by its rate limit, and did not happen. */
public final class RateLimitExceededException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Decision decision;

  /**
   * @param decision what was decided; one that refuses
   */
  public RateLimitExceededException(Decision decision) {
    super(
        "Refused by the rate limit %s; try again in %s".formatted(names(decision), wait(decision)));
    this.decision = decision;
  }

  private static List<String> names(Decision decision) {
    return decision.refusals().stream().map(one -> one.limit().name()).toList();
  }

  private static Duration wait(Decision decision) {
    return Duration.ofMillis(decision.retryAfter().toMillis());
  }

  /** Returns what was decided. */
  public Decision decision() {
    return decision;
  }

  /** Returns how long to wait before the call has a chance again. */
  public Duration retryAfter() {
    return decision.retryAfter();
  }
}
