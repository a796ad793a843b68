package larder.history;

/** What can go wrong, and for how long it may last. */
enum Fault {
  /** {@code kill -9}; started again afterwards. */
  KILL_NODE(Place.NODE, 200, 2_000),
  /** {@code kill -9} of a node whose writer stands between its commit and its append. */
  KILL_NODE_BEFORE_APPEND(Place.NODE, 200, 2_000),
  /** SIGSTOP, then SIGCONT. */
  STOP_NODE(Place.NODE, 100, 6_000),
  /** The same for the node that tells the others how far the database has been read. */
  STOP_RELAY(Place.NODE, 100, 6_000),
  /** SIGSTOP, then SIGCONT. */
  STOP_REDIS(Place.REDIS, 100, 5_000),
  /** Killed, and started with nothing. */
  EMPTY_REDIS(Place.REDIS, 0, 2_000),
  /** Killed, and started with what it had saved a little earlier. */
  RESTORE_REDIS(Place.REDIS, 0, 2_000),
  /** Stopped in good order, its connections ended, and started. */
  RESTART_POSTGRES(Place.POSTGRES, 0, 1_500),
  /** Stopped as by a crash, and started. */
  CRASH_POSTGRES(Place.POSTGRES, 0, 1_500),
  /** The connections of one node to Redis are closed, and new ones refused. */
  CUT_REDIS_LINK(Place.LINK, 100, 5_000),
  /** What one node and Redis send each other does not arrive until the end. */
  HOLD_REDIS_LINK(Place.LINK, 100, 5_000),
  /** What Redis sends to one node arrives late. */
  DELAY_REDIS_LINK(Place.LINK, 500, 5_000),
  /** As with Redis. */
  CUT_POSTGRES_LINK(Place.LINK, 100, 5_000),
  /** As with Redis. */
  HOLD_POSTGRES_LINK(Place.LINK, 100, 5_000),
  /** As with Redis. */
  DELAY_POSTGRES_LINK(Place.LINK, 500, 5_000);

  /** Where it goes wrong; two faults at once are never in one place. */
  enum Place {
    NODE,
    REDIS,
    POSTGRES,
    LINK
  }

  private final Place place;
  private final int shortestMillis;
  private final int longestMillis;

  Fault(Place place, int shortestMillis, int longestMillis) {
    this.place = place;
    this.shortestMillis = shortestMillis;
    this.longestMillis = longestMillis;
  }

  Place place() {
    return place;
  }

  int shortestMillis() {
    return shortestMillis;
  }

  int longestMillis() {
    return longestMillis;
  }
}
