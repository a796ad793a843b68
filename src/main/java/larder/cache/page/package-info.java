/** Pages that are the same for everybody who is not signed in, kept whole. */
@NullMarked
package larder.cache.page;

import org.jspecify.annotations.NullMarked;
