package larder.cache.log.node;

import larder.cache.log.Position;
import larder.cache.log.Tags;

/**
 * The one rule on every read, near or remote: whether a value may be served.
 *
 * <p>A value is served if nothing this node knows of condemns it, and one of two things bounds what
 * it does not know of: the node is current as of an instant within the bound and the value's tags
 * are complete; or the node loaded the value itself, from an origin within the bound.
 *
 * <h2>Order</h2>
 *
 * The rule holds no lock, so that a node may apply records while it is asked. It reads
 *
 * <ol>
 *   <li>the unacknowledged changes. One that is settled has been raised on the horizon before, so
 *       it is found there; read later, it could be missed in both places;
 *   <li>the horizon, once: claim, floor and slots of one history;
 *   <li>the claim, then epoch, floor and slots ({@link Horizon} tells why in this order);
 *   <li>the time, at the end. Taken before the slots, a pause between them would serve a value that
 *       was within the bound before the pause.
 * </ol>
 *
 * It allocates nothing.
 */
public class ServingRule {

  /** The answer for a value that may not be served. */
  public static final long NOT_PROVEN = Horizon.NEVER;

  private final LogFollower follower;
  private final long boundNanos;

  /** The rule for what this follower knows. */
  public ServingRule(LogFollower follower) {
    this.follower = follower;
    this.boundNanos = follower.settings().boundNanos();
  }

  /** Whether the value may be served now. */
  public final boolean mayServe(Stamp stamp) {
    return provenAt(stamp) != NOT_PROVEN;
  }

  /**
   * The instant up to which the value is proven to contain every change; {@link #NOT_PROVEN} if it
   * may not be served. A load that consumes the value takes the instant over.
   */
  public long provenAt(Stamp stamp) {
    if (unsettled(stamp)) {
      return NOT_PROVEN;
    }
    Horizon horizon = follower.horizon();
    long currentAsOf = horizon.currentAsOf();
    if (condemned(horizon, stamp)) {
      return NOT_PROVEN;
    }
    return proven(stamp, currentAsOf, now());
  }

  /** Returns the latest time at which {@link #provenAt} can have said that of a value. */
  public final long latest(long provenNanos) {
    return provenNanos + boundNanos;
  }

  /**
   * Whether a change is known, or may have been made here, that the value does not contain. Of a
   * value of which this is not so, it is not known whether it is stale.
   */
  public final boolean isKnownStale(Stamp stamp) {
    return unsettled(stamp) || condemned(follower.horizon(), stamp);
  }

  /** Why a value is not proven. */
  public enum Doubt {
    /** It is of another history of the log, or from before a part of it that is not known. */
    FLOOR,
    /** A change that it does not show has been told, or may have been made here. */
    CONDEMNED,
    /** The node is not known to be current, or what the value depends on is not known. */
    UNPROVEN
  }

  /** Returns why a value that was not proven a moment ago was not, as far as can be told now. */
  public final Doubt doubt(Stamp stamp) {
    if (follower.horizon().isBelowFloor(stamp.asOf())) {
      return Doubt.FLOOR;
    }
    return isKnownStale(stamp) ? Doubt.CONDEMNED : Doubt.UNPROVEN;
  }

  /** Returns the oldest position as of which a value that carries these tags is of any use. */
  public final Position oldest(Tags tags) {
    Horizon horizon = follower.horizon();
    return new Position(horizon.epoch(), horizon.named(tags));
  }

  boolean unsettled(Stamp stamp) {
    return follower.unacknowledged().touches(stamp);
  }

  boolean condemned(Horizon horizon, Stamp stamp) {
    return horizon.condemns(stamp.asOf(), stamp.tags());
  }

  final Horizon horizon() {
    return follower.horizon();
  }

  final long now() {
    return follower.nanoClock().getAsLong();
  }

  final long proven(Stamp stamp, long currentAsOf, long now) {
    boolean current =
        stamp.complete() && currentAsOf != NOT_PROVEN && now - currentAsOf <= boundNanos;
    boolean recent = stamp.own() && now - stamp.originNanos() <= boundNanos;
    if (current && recent) {
      return currentAsOf - stamp.originNanos() >= 0 ? currentAsOf : stamp.originNanos();
    }
    return current ? currentAsOf : recent ? stamp.originNanos() : NOT_PROVEN;
  }
}
