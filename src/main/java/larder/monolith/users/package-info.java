/** Users: what they show of themselves, kept in PostgreSQL and read through annotated caches. */
@NullMarked
package larder.monolith.users;

import org.jspecify.annotations.NullMarked;
