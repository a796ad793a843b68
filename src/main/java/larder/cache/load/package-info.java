/** Loads: one for each key, and who may share its value. */
@NullMarked
package larder.cache.load;

import org.jspecify.annotations.NullMarked;
