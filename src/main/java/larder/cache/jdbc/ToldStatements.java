package larder.cache.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * The statement of this thread whose effects somebody else tells: an object-relational mapper knows
 * more about its own statements than their text says.
 */
public final class ToldStatements {

  private static final ThreadLocal<@Nullable String> NEXT = new ThreadLocal<>();

  private ToldStatements() {}

  /** The statement that is prepared next from this very text is told by the caller. */
  @SuppressWarnings("ReferenceEquality") // the object is what tells it from an equal text
  public static void next(String sql) {
    if (NEXT.get() != sql) {
      NEXT.set(sql);
    }
  }

  /** Returns whether somebody else tells what a statement does that is prepared now. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isNext(String sql) {
    return NEXT.get() == sql;
  }

  /** The statement is prepared, by all connections that stand in for each other. */
  static void done() {
    if (NEXT.get() != null) {
      NEXT.remove();
    }
  }
}
