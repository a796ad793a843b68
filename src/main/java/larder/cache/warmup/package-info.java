/** Warm-up: the calls that caches answer most are remembered, and made before a node is ready. */
@NullMarked
package larder.cache.warmup;

import org.jspecify.annotations.NullMarked;
