/** What happens in caches, counted where it happens and read by whoever shows it. */
@NullMarked
package larder.cache.statistics;

import org.jspecify.annotations.NullMarked;
