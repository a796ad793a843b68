package larder.cache.hibernate;

import java.util.Locale;
import larder.cache.jdbc.ToldStatements;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

/**
 * Marks the statements of sessions as told by their tracking, after another inspector. Not selects
 * that Hibernate runs past the tracked executor, such as the size of a collection: what they read
 * is told by their text.
 */
record ToldInspector(StatementInspector first) implements StatementInspector {

  private static final ThreadLocal<@Nullable Integer> DEPTH = new ThreadLocal<>();

  /** The executor runs a select in this thread; returns what {@link #leave} is to be given. */
  static int enter() {
    Integer depth = DEPTH.get();
    int before = depth == null ? 0 : depth;
    DEPTH.set(before + 1);
    return before;
  }

  static void leave(int before) {
    if (before == 0) {
      DEPTH.remove();
    } else {
      DEPTH.set(before);
    }
  }

  @Override
  public String inspect(String sql) {
    @Nullable String changed = first.inspect(sql);
    String prepared = changed == null ? sql : changed;
    if (DEPTH.get() != null || !isQuery(prepared)) {
      ToldStatements.next(prepared);
    }
    return prepared;
  }

  private static boolean isQuery(String sql) {
    String word = sql.substring(0, Math.min(6, sql.length())).toLowerCase(Locale.ROOT);
    return word.equals("select") || word.startsWith("with");
  }
}
