/** Tests of what holds for each cache. */
@NullMarked
package larder.cache.policy;

import org.jspecify.annotations.NullMarked;
