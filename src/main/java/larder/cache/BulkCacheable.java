package larder.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A cached method that finds several things by their ids, and shares its entries with the method
 * that finds one: {@code Map<Long, User> findAll(Collection<Long> ids)} beside {@code
 * Optional<User> find(long id)}.
 *
 * <p>The method is called with those ids only that no cache has, at most once for each call if
 * nobody else is loading any of them. What it returns for an id is what the other method would; an
 * id that is not in its map is not found. The ids themselves are the keys.
 *
 * <p>One argument may stand before the ids, which they have in common: {@code Map<String, String>
 * values(long userId, Collection<String> names)} shares entries with {@code String value(long
 * userId, String name)}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface BulkCacheable {

  /** Name of the cache, which the {@code @Cacheable} of the other method names too. */
  String value();

  /**
   * Names of tables of which each value is made of one row alone, the one with the value's own id,
   * such as {@code users}. A change of another row then leaves the value. Not to be named where a
   * value shows anything of a further row of the table, such as a user's best friend. Empty: each
   * value depends on all that the call has read. Not with an argument before the ids.
   */
  String[] ownRows() default {};
}
