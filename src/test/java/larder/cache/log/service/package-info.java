/** Tests of a node at work on the log. */
@org.jspecify.annotations.NullMarked
package larder.cache.log.service;
