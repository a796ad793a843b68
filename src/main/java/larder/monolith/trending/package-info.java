/** Whose profiles are looked at most just now. */
@NullMarked
package larder.monolith.trending;

import org.jspecify.annotations.NullMarked;
