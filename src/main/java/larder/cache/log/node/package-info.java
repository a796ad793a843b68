/** What one node knows of the log, and what it may therefore serve, join and store. */
@NullMarked
package larder.cache.log.node;

import org.jspecify.annotations.NullMarked;
