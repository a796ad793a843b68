package larder.cache.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A statement's text without what may be secret or misleading: comments, strings, and all but one
 * space between words. One pass, without recursion, whatever the length.
 */
public final class SqlText {

  private static final int LONGEST = 160;
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(?:\\.\\d+)?\\b");

  private final String sql;
  private final StringBuilder bare = new StringBuilder();
  private final List<String> statements = new ArrayList<>(1);
  private int begin;
  private int at;

  private SqlText(String sql) {
    this.sql = sql;
    while (at < sql.length()) {
      step();
    }
    end(at);
  }

  /** Returns a statement in one short line, without its literal values. */
  public static String shortened(String sql) {
    String start = sql.length() <= 4 * LONGEST ? sql : sql.substring(0, 4 * LONGEST);
    String line = NUMBER.matcher(new SqlText(start).bare.toString().trim()).replaceAll("?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  /** Returns a text in lower case without comments, its strings replaced, on one line. */
  static String normalized(String sql) {
    return new SqlText(sql).bare.toString().trim().toLowerCase(Locale.ROOT);
  }

  /** Returns the statements of a text, as written. */
  static List<String> statements(String sql) {
    return new SqlText(sql).statements;
  }

  private void step() {
    char here = sql.charAt(at);
    if (here == '\'') {
      string(isEscaping());
    } else if (here == '"' || here == '`') {
      identifier(here);
    } else if (sql.startsWith("--", at)) {
      int line = sql.indexOf('\n', at);
      at = line < 0 ? sql.length() : line;
    } else if (sql.startsWith("/*", at)) {
      comment();
    } else if (here == '$' && !isWordBefore()) {
      dollars();
    } else if (here == ';') {
      end(at);
      bare.append("; ");
      begin = ++at;
    } else {
      plain(here);
    }
  }

  private void plain(char here) {
    if (!Character.isWhitespace(here)) {
      bare.append(here);
    } else {
      space();
    }
    at++;
  }

  private void space() {
    if (bare.length() > 0 && bare.charAt(bare.length() - 1) != ' ') {
      bare.append(' ');
    }
  }

  private void end(int until) {
    String statement = sql.substring(begin, until).trim();
    if (!statement.isEmpty()) {
      statements.add(statement);
    }
  }

  /** Whether backslashes escape in the string that begins here: {@code E'...'}. */
  private boolean isEscaping() {
    return at > 0
        && (sql.charAt(at - 1) == 'E' || sql.charAt(at - 1) == 'e')
        && (at == 1 || !isWord(sql.charAt(at - 2)));
  }

  private void string(boolean escaping) {
    bare.append('?');
    for (at++; at < sql.length(); at++) {
      char here = sql.charAt(at);
      if (escaping && here == '\\') {
        at++;
      } else if (here == '\'') {
        if (at + 1 >= sql.length() || sql.charAt(at + 1) != '\'') {
          at++;
          return;
        }
        at++;
      }
    }
  }

  private void identifier(char quote) {
    int last = sql.indexOf(quote, at + 1);
    int until = last < 0 ? sql.length() : last + 1;
    bare.append(sql, at, until);
    at = until;
  }

  /** PostgreSQL's comments nest. */
  private void comment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
    space();
  }

  private void dollars() {
    int tag = at + 1;
    while (tag < sql.length() && isWord(sql.charAt(tag)) && sql.charAt(tag) != '$') {
      tag++;
    }
    boolean quotes =
        tag < sql.length()
            && sql.charAt(tag) == '$'
            && (tag == at + 1 || !Character.isDigit(sql.charAt(at + 1)));
    if (!quotes) {
      plain('$');
      return;
    }
    String quote = sql.substring(at, tag + 1);
    int last = sql.indexOf(quote, tag + 1);
    bare.append('?');
    at = last < 0 ? sql.length() : last + quote.length();
  }

  private boolean isWordBefore() {
    return at > 0 && isWord(sql.charAt(at - 1));
  }

  private static boolean isWord(char letter) {
    return letter == '_' || letter == '$' || Character.isLetterOrDigit(letter);
  }
}
