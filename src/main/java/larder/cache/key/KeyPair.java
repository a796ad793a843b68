package larder.cache.key;

import org.jspecify.annotations.Nullable;

/**
 * The two parts of a key that has just two, such as {@code 42} and {@code theme} of {@code
 * (42,theme)}: those of a method with two arguments, each as {@link KeyText} writes it.
 */
public record KeyPair(String first, String second) {

  /**
   * Returns the parts of a key's text; null if it is not that of a key of two parts, which the
   * shortened text of a long key never is. Any text is borne.
   */
  public static @Nullable KeyPair of(String text) {
    int end = text.length() - 1;
    int comma = text.startsWith("(") ? endOfPart(text, 1) : end;
    if (comma <= 1 || comma >= end || text.charAt(comma) != ',') {
      return null;
    }
    boolean two = endOfPart(text, comma + 1) == end && comma + 1 < end && text.charAt(end) == ')';
    return two ? new KeyPair(text.substring(1, comma), text.substring(comma + 1, end)) : null;
  }

  /** Returns where a part ends: at a comma or bracket that is in none; else at the text's end. */
  private static int endOfPart(String text, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (depth == 0 && (c == ',' || c == ')' || c == ']')) {
        return i;
      } else {
        quoted = c == '"';
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      }
    }
    return text.length();
  }
}
