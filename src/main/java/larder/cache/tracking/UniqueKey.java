package larder.cache.tracking;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Columns, or what {@code lower} or {@code upper} makes of them, that no two rows of a table have
 * the same of.
 *
 * @param parts each such as {@code handle} or {@code lower(handle)}, in lower case; not empty
 */
public record UniqueKey(Set<String> parts) {

  /** As databases write a part of an index: {@code lower((handle)::text)}, for instance. */
  private static final Pattern PART =
      Pattern.compile("(\\w+)|(lower|upper)\\(\\(?(\\w+)\\)?(?:::text)?\\)");

  /** Copies the set. */
  public UniqueKey {
    parts = Set.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("A unique key must have parts, was: " + parts);
    }
  }

  /** Returns a part of an index as parts are written here; null if it is of another kind. */
  public static @Nullable String part(String written) {
    Matcher part = PART.matcher(written.toLowerCase(Locale.ROOT));
    if (!part.matches()) {
      return null;
    }
    return part.group(1) == null ? part.group(2) + "(" + part.group(3) + ")" : part.group(1);
  }

  /** Whether what gives each of these one value finds one row at most. */
  public boolean isAmong(Set<String> given) {
    return given.containsAll(parts);
  }

  /** Returns the names of the columns that take part, in lower case. */
  public Set<String> columns() {
    Set<String> columns = new TreeSet<>();
    for (String part : parts) {
      columns.add(part.substring(part.indexOf('(') + 1).replace(")", ""));
    }
    return columns;
  }
}
