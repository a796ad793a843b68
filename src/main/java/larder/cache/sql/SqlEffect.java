package larder.cache.sql;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a statement in SQL names.
 *
 * @param tables all tables named, as written; a table that is written is among them
 * @param written the tables whose rows the statement changes, as written
 * @param writes whether the statement is anything else than a plain select
 * @param doubt why the text does not tell everything; null if it does
 */
public record SqlEffect(
    Set<String> tables, Set<String> written, boolean writes, @Nullable String doubt) {

  public SqlEffect {
    tables = Set.copyOf(tables);
    written = Set.copyOf(written);
  }
}
