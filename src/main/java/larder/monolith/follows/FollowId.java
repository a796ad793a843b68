package larder.monolith.follows;

import java.io.Serializable;

/** The key of a follow: who, and whom. */
record FollowId(long followerId, long followedId) implements Serializable {}
