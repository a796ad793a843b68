/** What a statement in SQL reads and writes, as far as its text tells. */
@NullMarked
package larder.cache.sql;

import org.jspecify.annotations.NullMarked;
