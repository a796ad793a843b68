package larder.cache.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node may answer a person from its caches, who may have written on another node.
 *
 * <p>A node that has not applied the person's last change yet waits for it a few milliseconds, once
 * in a request, and then reads past its caches. Of a change of which it is not known where it
 * stands, and of one in another history of the log, the node knows no more until it is current as
 * of the moment at which it first heard of it. Thread-safe.
 */
public final class SessionRule {

  /** Stands for more than any node has applied. */
  private static final Position BEYOND = new Position(Long.MAX_VALUE, Long.MAX_VALUE);

  private static final long PATIENCE_NANOS = Duration.ofMillis(8).toNanos();
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(1).toNanos() / 4;
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 10_000;

  private final Supplier<Position> position;
  private final LongSupplier currentAsOf;
  private final LongSupplier nanoClock;

  /** When this node first heard of a change that it cannot compare with its own position. */
  private final Cache<Object, Long> firstHeard =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterAccess(REMEMBERED).build();

  /**
   * @param position the last record that the node has applied
   * @param currentAsOf the instant before which it knows every change; {@link Long#MIN_VALUE} if
   *     there is none
   * @param nanoClock the monotonic clock of that instant
   */
  public SessionRule(
      Supplier<Position> position, LongSupplier currentAsOf, LongSupplier nanoClock) {
    this.position = position;
    this.currentAsOf = currentAsOf;
    this.nanoClock = nanoClock;
  }

  /** Whether this thread's request must be answered past the caches. */
  public boolean isBehind() {
    SessionPosition session = SessionPosition.current();
    if (session == null || session.isSettled()) {
      return false;
    }
    if (isBehind(session) && !arrives(session)) {
      return true;
    }
    session.settle();
    return false;
  }

  /** Returns the position that this thread's request has a right to. */
  public Position arrival() {
    SessionPosition session = SessionPosition.current();
    if (session == null || session.isSettled()) {
      return Position.NOWHERE;
    }
    return session.unknown() == null ? session.reached() : BEYOND;
  }

  private boolean isBehind(SessionPosition session) {
    String unknown = session.unknown();
    if (unknown != null) {
      return !isKnownSinceHeard(unknown);
    }
    Position here = position.get();
    return !here.reaches(session.reached())
        && (here.epoch() == session.reached().epoch() || !isKnownSinceHeard(session.reached()));
  }

  private boolean isKnownSinceHeard(Object change) {
    long now = nanoClock.getAsLong();
    Long heard = firstHeard.asMap().putIfAbsent(change, now);
    long known = currentAsOf.getAsLong();
    return known != Long.MIN_VALUE && known - (heard == null ? now : heard) > 0;
  }

  /** Waits for a record that is on its way, at most once for a session's position. */
  private boolean arrives(SessionPosition session) {
    if (session.unknown() != null || !session.mayWait()) {
      return false;
    }
    long until = nanoClock.getAsLong() + PATIENCE_NANOS;
    while (isBehind(session)) {
      if (nanoClock.getAsLong() - until >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
    }
    return true;
  }

  /** Takes note of where a change of this thread's request stands; null if that is not known. */
  public static void wrote(@Nullable Position at) {
    SessionPosition session = SessionPosition.current();
    if (session != null) {
      session.wrote(at);
    }
  }
}
