package larder.cache.sql;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What statements in SQL read and write, as far as their text tells.
 *
 * @param named all tables named, as written; a table that is written is among them
 * @param changed the tables whose rows are changed, as written
 * @param common the names of common table expressions, each of which may hide a table
 * @param writes whether there is anything else than plain queries
 * @param doubt why the text does not tell everything; null if it does
 */
public record SqlEffect(
    Set<String> named,
    Set<String> changed,
    Set<String> common,
    boolean writes,
    @Nullable String doubt) {

  public SqlEffect {
    named = Set.copyOf(named);
    changed = Set.copyOf(changed);
    common = Set.copyOf(common);
  }

  /** Returns what names nothing. */
  static SqlEffect nothing(boolean writes, @Nullable String doubt) {
    return new SqlEffect(Set.of(), Set.of(), Set.of(), writes, doubt);
  }

  /** Returns the tables read, and those that may be read behind a name of the statement's own. */
  public Set<String> tables(Predicate<String> isTable) {
    return with(named, isTable);
  }

  /** Returns the tables written, and those that may be behind a name of the statement's own. */
  public Set<String> written(Predicate<String> isTable) {
    return writes ? with(changed, isTable) : Set.of();
  }

  private Set<String> with(Set<String> tables, Predicate<String> isTable) {
    if (common.isEmpty()) {
      return tables;
    }
    Set<String> all = new LinkedHashSet<>(tables);
    common.stream().filter(isTable).forEach(all::add);
    return all;
  }

  SqlEffect and(SqlEffect next) {
    return new SqlEffect(
        union(named, next.named),
        union(changed, next.changed),
        union(common, next.common),
        writes || next.writes,
        doubt == null ? next.doubt : doubt);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new LinkedHashSet<>(one);
    all.addAll(other);
    return all;
  }
}
