/** The consistency meter: a few hits, compared with what their methods say now. */
@NullMarked
package larder.cache.consistency;

import org.jspecify.annotations.NullMarked;
