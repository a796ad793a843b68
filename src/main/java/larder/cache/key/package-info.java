/** The text under which a key stands in Redis. */
@NullMarked
package larder.cache.key;

import org.jspecify.annotations.NullMarked;
