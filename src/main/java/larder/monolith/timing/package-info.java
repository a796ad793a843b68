/** What the cached calls of a page did, told in its footer and in a response header. */
@NullMarked
package larder.monolith.timing;

import org.jspecify.annotations.NullMarked;
