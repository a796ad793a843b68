/**
 * The outbox in PostgreSQL: the triggers that fill it, the relay that reads it into the log, and
 * the layer's own way into it.
 */
@NullMarked
package larder.cache.outbox;

import org.jspecify.annotations.NullMarked;
