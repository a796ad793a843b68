/** The way to Redis: deadlines, no retries, and a breaker. */
@NullMarked
package larder.cache.redis;

import org.jspecify.annotations.NullMarked;
