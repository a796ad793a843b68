/** The invalidation log in Redis. */
@NullMarked
package larder.cache.log.redis;

import org.jspecify.annotations.NullMarked;
