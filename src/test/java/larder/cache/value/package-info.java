/** Tests of the trip of values to bytes and back. */
@NullMarked
package larder.cache.value;

import org.jspecify.annotations.NullMarked;
