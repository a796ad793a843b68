/** What is known of the database below Hibernate, through JDBC. */
@NullMarked
package larder.cache.jdbc;

import org.jspecify.annotations.NullMarked;
