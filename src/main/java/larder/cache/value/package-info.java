/** Values as bytes: which types survive the trip, and how they travel. */
@NullMarked
package larder.cache.value;

import org.jspecify.annotations.NullMarked;
