/** Writes to caches that wait for the surrounding transaction. */
@NullMarked
package larder.cache.transaction;

import org.jspecify.annotations.NullMarked;
