package larder.cache.log.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import larder.cache.log.Position;

/** Serving and joining rules that leave one question out, or ask in another order. */
public final class BrokenRule {

  private BrokenRule() {}

  /** Does not ask whether a record after the value's as-of condemns it. */
  public static ServingRule skipsAsOf(LogFollower follower) {
    return new ServingRule(follower) {
      @Override
      boolean condemned(Horizon horizon, Stamp stamp) {
        return stamp.asOf().epoch() != horizon.epoch();
      }
    };
  }

  /**
   * Takes a value for as new as its first look, as a cache does that does not know when a load
   * began: what was invalidated while the value was on its way does not condemn it.
   */
  public static ServingRule judgesAsOfFirstLook(LogFollower follower) {
    Cache<Stamp, Position> looks = Caffeine.newBuilder().weakKeys().build();
    return new ServingRule(follower) {
      @Override
      boolean condemned(Horizon horizon, Stamp stamp) {
        Position look = looks.get(stamp, any -> horizon.position());
        return super.condemned(horizon, stamp.asOf(look));
      }
    };
  }

  /** Does not ask whether the node is current, nor how old an own load is. */
  public static ServingRule skipsBound(LogFollower follower) {
    return new ServingRule(follower) {
      @Override
      public long provenAt(Stamp stamp) {
        return unsettled(stamp) || condemned(horizon(), stamp) ? NOT_PROVEN : now();
      }
    };
  }

  /** Does not ask for the own changes that the log has not acknowledged. */
  public static ServingRule skipsUnacknowledged(LogFollower follower) {
    return new ServingRule(follower) {
      @Override
      boolean unsettled(Stamp stamp) {
        return false;
      }
    };
  }

  /** Looks at the claim after the slots. */
  public static ServingRule readsClaimLast(LogFollower follower) {
    return new ServingRule(follower) {
      @Override
      public long provenAt(Stamp stamp) {
        if (unsettled(stamp) || condemned(horizon(), stamp)) {
          return NOT_PROVEN;
        }
        now();
        return proven(stamp, horizon().currentAsOf(), now());
      }
    };
  }

  /** Looks at the time before the slots. */
  public static ServingRule readsTimeFirst(LogFollower follower) {
    return new ServingRule(follower) {
      @Override
      public long provenAt(Stamp stamp) {
        Horizon horizon = horizon();
        long currentAsOf = horizon.currentAsOf();
        long time = now();
        now();
        boolean condemned = unsettled(stamp) || condemned(horizon, stamp);
        return condemned ? NOT_PROVEN : proven(stamp, currentAsOf, time);
      }
    };
  }

  /** Looks at the unacknowledged changes after the slots. */
  public static ServingRule readsUnacknowledgedLast(LogFollower follower) {
    return new ServingRule(follower) {
      @Override
      public long provenAt(Stamp stamp) {
        Horizon horizon = horizon();
        long currentAsOf = horizon.currentAsOf();
        if (condemned(horizon, stamp)) {
          return NOT_PROVEN;
        }
        now();
        return unsettled(stamp) ? NOT_PROVEN : proven(stamp, currentAsOf, now());
      }
    };
  }

  /** Lets every caller take the value of a load that was running when it came. */
  public static JoinRule joinsAnything(LogFollower follower, ServingRule rule) {
    return new JoinRule(follower, rule) {
      @Override
      public boolean mayJoin(Origin load, Arrival arrival) {
        return true;
      }
    };
  }

  /** Serves what a load brought without asking whether it has reached the caller's arrival. */
  public static JoinRule takesAnything(LogFollower follower, ServingRule rule) {
    return new JoinRule(follower, rule) {
      @Override
      public boolean mayTake(Stamp completed, Arrival arrival) {
        return true;
      }
    };
  }
}
