/**
 * The invalidation log: its positions, tags and records, and the contract of the store that keeps
 * it.
 */
@NullMarked
package larder.cache.log;

import org.jspecify.annotations.NullMarked;
