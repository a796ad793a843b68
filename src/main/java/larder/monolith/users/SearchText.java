package larder.monolith.users;

import java.util.Locale;
import java.util.regex.Pattern;

/** The text of a search: equal for searches that find the same, so that they share an entry. */
public final class SearchText {

  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\\p{Cntrl}]+");
  private static final Pattern WILDCARDS = Pattern.compile("[!%_]");

  private SearchText() {}

  /** Returns the text in lower case, with single spaces, cut to what counts; often itself. */
  public static String normalize(String text) {
    String flat = SPACES.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    int length = Math.min(DirectoryPage.MAX_QUERY, flat.codePointCount(0, flat.length()));
    return flat.substring(0, flat.offsetByCodePoints(0, length)).strip();
  }

  /** Returns the LIKE pattern for everything that contains the text, {@code !} escaping. */
  static String pattern(String text) {
    return "%" + WILDCARDS.matcher(text).replaceAll("!$0") + "%";
  }
}
