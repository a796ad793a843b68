package larder.monolith.follows;

/**
 * Somebody follows others than before.
 *
 * @param followerId who
 */
record FollowsChanged(long followerId) {}
