/** Tests of cache and transaction. */
@org.jspecify.annotations.NullMarked
package larder.cache.transaction;
