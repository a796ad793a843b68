/** Tests of what stands between a caller and a Redis that is away. */
@NullMarked
package larder.cache.remote;

import org.jspecify.annotations.NullMarked;
