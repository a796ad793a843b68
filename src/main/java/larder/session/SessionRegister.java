package larder.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has sessions, and the end of them.
 *
 * <p>Each method waits at most the deadline for Redis, and says so with nothing if it does not
 * answer. Thread-safe.
 */
public final class SessionRegister {

  private final SessionStore store;
  private final SessionStatistics statistics;

  SessionRegister(SessionStore store, SessionStatistics statistics) {
    this.store = store;
    this.statistics = statistics;
  }

  /**
   * Returns the sessions in which somebody is signed in, the one least lately used first; empty if
   * Redis does not answer.
   *
   * @param owner the name of who is signed in
   * @param current the id of the session that asks; null if none does
   */
  public Optional<List<SessionUse>> of(String owner, @Nullable String current) {
    return Optional.ofNullable(store.of(owner, current));
  }

  /**
   * Ends all sessions of somebody, on all nodes: their next requests are a guest's. Returns how
   * many that were; empty if Redis does not answer, and then they may go on.
   */
  public Optional<Long> endAll(String owner) {
    Optional<Long> ended = Optional.ofNullable(store.endAll(owner));
    statistics.add(ended.isPresent() ? SessionEvent.ENDED : SessionEvent.UNWRITTEN);
    return ended;
  }

  /** Returns about how many sessions there are; empty if Redis does not answer. */
  public Optional<Long> live() {
    return Optional.ofNullable(store.live());
  }

  /** Returns for how long a session lives after its last request. */
  public Duration timeout() {
    return store.timeout();
  }
}
