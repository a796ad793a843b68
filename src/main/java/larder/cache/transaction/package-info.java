/**
 * Cache and transaction: where a transaction began, what it will change, and when others hear of
 * it.
 */
@NullMarked
package larder.cache.transaction;

import org.jspecify.annotations.NullMarked;
