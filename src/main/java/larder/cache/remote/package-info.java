/** Redis, one string per entry, behind short deadlines and a breaker. */
@NullMarked
package larder.cache.remote;

import org.jspecify.annotations.NullMarked;
