/** What could be better in the caches of an application and in its Redis, and how. */
@NullMarked
package larder.cache.adviser;

import org.jspecify.annotations.NullMarked;
