package larder.limit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether a call may go on, and how it stands with each limit that was asked.
 *
 * @param standings in the order of the question; empty when no limit holds
 */
public record Decision(List<Standing> standings) {

  public Decision {
    standings = List.copyOf(standings);
  }

  /** Whether the call may go on: all limits had room, and each was taken from. */
  public boolean allowed() {
    return standings.stream().allMatch(Standing::allowed);
  }

  /** Returns the limits that refused. */
  public List<Standing> refusals() {
    return standings.stream().filter(one -> !one.allowed()).toList();
  }

  /** Returns how long to wait until all that refused have room again; zero when allowed. */
  public Duration retryAfter() {
    return refusals().stream().map(Standing::nextIn).reduce(Duration.ZERO, Decision::longer);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** Returns how the call stands with a limit; empty if it was not asked, or is switched off. */
  public Optional<Standing> of(String limit) {
    return standings.stream().filter(one -> one.limit().name().equals(limit)).findFirst();
  }
}
