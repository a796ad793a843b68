/** Leaderboards over all nodes, whose points fade with time. */
@NullMarked
package larder.ranking;

import org.jspecify.annotations.NullMarked;
