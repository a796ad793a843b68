package larder.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the tables that a cached method reads in a way that cannot be seen: through {@code
 * JdbcTemplate}, a procedure, a view, or another thread.
 *
 * <p>Its values then depend on these tables and on all reads that are seen, and whatever else it
 * reads unseen is taken to be of no concern.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ReadsTables {

  /** Names of tables, such as {@code users}; empty if nothing that is read unseen ever changes. */
  String[] value();
}
