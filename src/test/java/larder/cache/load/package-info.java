/** Tests of loads and flights. */
@org.jspecify.annotations.NullMarked
package larder.cache.load;
