package larder.cache.sql;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A query of one table that gives columns, or what {@code lower} or {@code upper} makes of them,
 * one value each, and otherwise only narrows which of the rows that have them it takes.
 *
 * <p>Of the plain shape that an object-relational mapper writes; everything else is taken for some
 * other query.
 *
 * @param table as written
 * @param given what has one value: each such as {@code handle} or {@code lower(handle)}
 */
public record KeyLookup(String table, Set<String> given) {

  private static final Pattern QUERY =
      Pattern.compile(
          "select (?:distinct )?(\\w+)\\.\\w+(?:, ?\\1\\.\\w+)* from ([\\w.]+) \\1 where (.+?)"
              + "(?: order by [\\w., ]+)?(?: (?:limit|fetch first) (?:\\?|\\d+)(?: rows only)?)?");

  private static final String VALUE = "(?:\\?|-?\\d+(?:\\.\\d+)?|true|false)";
  private static final Pattern COLUMN = Pattern.compile("(\\w+)\\.(\\w+)=(?:\\?|-?\\d+)");
  private static final Pattern FOLDED =
      Pattern.compile("(lower|upper)\\((\\w+)\\.(\\w+)\\)=\\1\\(\\?\\)");
  private static final Pattern NARROWS =
      Pattern.compile(
          "(?:not )?(\\w+)\\.\\w+(?: is (?:not )?null| ?(?:=|<>|!=|<=?|>=?) ?"
              + VALUE
              + "| (?:not )?in ?\\("
              + VALUE
              + "(?:, ?"
              + VALUE
              + ")*\\))?");

  /** Copies the set. */
  public KeyLookup {
    given = Set.copyOf(given);
  }

  /** Returns a statement as such a query; null if it is another one, or might be. */
  static @Nullable KeyLookup of(String sql) {
    Matcher query = QUERY.matcher(SqlText.normalized(sql));
    if (!query.matches()) {
      return null;
    }
    Set<String> given = new HashSet<>();
    for (String condition : query.group(3).split(" and ", -1)) {
      if (!take(condition, query.group(1), given)) {
        return null;
      }
    }
    return given.isEmpty() ? null : new KeyLookup(query.group(2), given);
  }

  /** Returns whether a condition is understood, and is one of the row itself. */
  private static boolean take(String condition, String alias, Set<String> given) {
    Matcher column = COLUMN.matcher(condition);
    Matcher folded = FOLDED.matcher(condition);
    Matcher narrows = NARROWS.matcher(condition);
    if (column.matches() && column.group(1).equals(alias)) {
      given.add(column.group(2));
      return true;
    } else if (folded.matches() && folded.group(2).equals(alias)) {
      given.add(folded.group(1) + "(" + folded.group(3) + ")");
      return true;
    }
    return narrows.matches() && narrows.group(1).equals(alias);
  }
}
