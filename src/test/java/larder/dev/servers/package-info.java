/** Real PostgreSQL and Redis servers that come from the class path, for tests and development. */
@NullMarked
package larder.dev.servers;

import org.jspecify.annotations.NullMarked;
