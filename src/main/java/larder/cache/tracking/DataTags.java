package larder.cache.tracking;

import java.util.Locale;

/**
 * The texts of the tags of tables and rows.
 *
 * <pre>
 * t:users      named by every change of the table, carried by what depends on the table
 * t:users:42   named by a change of the row, carried by what depends on the row
 * a:users      named by what changes rows unknown, carried by all that carries a row of the table
 * u:users      named by what gives a row a unique key that it had not, carried by what was found by one
 * </pre>
 *
 * A table goes by its bare name in lower case, without schema and quotes: two tables of one name
 * share their tags, which costs a miss and never a stale value. A row goes by the text of its id as
 * the database writes it.
 */
public final class DataTags {

  private DataTags() {}

  /** Returns the tag of a table. */
  public static String table(String name) {
    return "t:" + bare(name);
  }

  /**
   * Returns the tag of a row.
   *
   * @param id the id as the database writes it as text
   */
  public static String row(String table, String id) {
    return "t:" + bare(table) + ":" + id;
  }

  /** Returns the tag of all rows of a table. */
  public static String all(String table) {
    return "a:" + bare(table);
  }

  /** Returns the tag of the unique keys of a table. */
  public static String keys(String table) {
    return "u:" + bare(table);
  }

  /** Returns the bare name of a table, such as {@code users} of {@code public."Users"}. */
  public static String bare(String name) {
    return name.substring(name.lastIndexOf('.') + 1)
        .replace("\"", "")
        .replace("`", "")
        .toLowerCase(Locale.ROOT);
  }
}
