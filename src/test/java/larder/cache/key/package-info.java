/** Tests of the texts of keys. */
@NullMarked
package larder.cache.key;

import org.jspecify.annotations.NullMarked;
