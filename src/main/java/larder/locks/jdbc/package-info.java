/** Fencing numbers in a database: where they begin, and what refuses old ones. */
@NullMarked
package larder.locks.jdbc;

import org.jspecify.annotations.NullMarked;
