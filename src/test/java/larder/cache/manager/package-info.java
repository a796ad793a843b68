/** The cache contract and its test on a real Redis, present and away. */
@NullMarked
package larder.cache.manager;

import org.jspecify.annotations.NullMarked;
