/** The entries that this process holds. */
@NullMarked
package larder.cache.near;

import org.jspecify.annotations.NullMarked;
