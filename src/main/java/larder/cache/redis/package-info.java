/** What Redis says of itself: memory, keys, round trips. */
@NullMarked
package larder.cache.redis;

import org.jspecify.annotations.NullMarked;
