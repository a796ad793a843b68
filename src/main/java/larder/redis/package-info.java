/** The way to Redis that all parts share: names, deadlines, no retries, and a breaker. */
@NullMarked
package larder.redis;

import org.jspecify.annotations.NullMarked;
