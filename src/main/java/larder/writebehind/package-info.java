/**
 * Writes that wait in Redis and reach the database in batches: none twice, in order of their key.
 */
@NullMarked
package larder.writebehind;

import org.jspecify.annotations.NullMarked;
