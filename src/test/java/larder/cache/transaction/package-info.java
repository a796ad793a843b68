/** Tests of writes that wait for a commit. */
@NullMarked
package larder.cache.transaction;

import org.jspecify.annotations.NullMarked;
