package larder.cache.sql;

import java.util.regex.Pattern;

/** The text of a statement without what may be secret or long. */
public final class SqlText {

  private static final int LONGEST = 160;
  private static final Pattern COMMENT = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern DOLLARS =
      Pattern.compile("\\$(\\w*)\\$.*?\\$\\1\\$", Pattern.DOTALL);
  private static final Pattern STRING = Pattern.compile("'(?:[^']|'')*'");
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(?:\\.\\d+)?\\b");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private SqlText() {}

  /** Returns a statement in one short line, without its literal values. */
  public static String shortened(String sql) {
    String bare =
        SPACE.matcher(NUMBER.matcher(withoutStrings(sql)).replaceAll("?")).replaceAll(" ");
    String line = bare.trim();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  /** Returns a statement without comments and with its strings replaced. */
  static String withoutStrings(String sql) {
    String uncommented = COMMENT.matcher(sql).replaceAll(" ");
    return STRING.matcher(DOLLARS.matcher(uncommented).replaceAll("?")).replaceAll("?");
  }
}
