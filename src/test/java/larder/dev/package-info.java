/** Development: the monolith beside its own PostgreSQL and Redis, with sample users. */
@NullMarked
package larder.dev;

import org.jspecify.annotations.NullMarked;
