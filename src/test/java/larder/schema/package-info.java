/** What the schema promises, tried on a real PostgreSQL. */
@NullMarked
package larder.schema;

import org.jspecify.annotations.NullMarked;
