package larder.monolith.limits;

import larder.limit.Limit;
import org.springframework.stereotype.Component;

/** The words in which pages tell of limits. */
@Component("limitWords")
public class LimitWords {

  /** Returns how a limit counts. */
  public String algorithm(Limit limit) {
    return switch (limit.algorithm()) {
      case FIXED_WINDOW -> "fixed window";
      case SLIDING_WINDOW -> "sliding window";
      case TOKEN_BUCKET -> "token bucket, " + limit.burst() + " at once";
    };
  }

  /** Returns what decides while Redis is away. */
  public String away(Limit limit) {
    return switch (limit.whenAway()) {
      case LOCAL -> "each node by itself";
      case ALLOW -> "let through";
    };
  }
}
