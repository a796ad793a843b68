package larder.cache.session;

import java.util.UUID;
import java.util.function.Consumer;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log the last change of a person stands, while one of their requests is answered.
 *
 * <p>Its text is what travels: a position such as {@code 17-4}, or {@code ?} and a random name for
 * a change of which it is not known where it stands. Bound to the thread of the request and used by
 * it alone.
 */
public final class SessionPosition {

  private static final ThreadLocal<@Nullable SessionPosition> CURRENT = new ThreadLocal<>();

  private static final int LONGEST_TEXT = 64;

  private final Consumer<String> store;
  private @Nullable String unknown;
  private Position reached = Position.NOWHERE;
  private boolean settled;
  private boolean waited;

  /**
   * @param text what the person brought; null if nothing
   * @param store keeps the text for the person's next request; called at each change
   */
  public SessionPosition(@Nullable String text, Consumer<String> store) {
    this.store = store;
    this.settled = text == null;
    if (text != null) {
      read(text);
    }
  }

  /** What comes from outside is not trusted: a text that says nothing counts as not known. */
  private void read(String text) {
    try {
      reached = Position.parse(text);
    } catch (IllegalArgumentException e) {
      unknown = text.substring(0, Math.min(text.length(), LONGEST_TEXT));
    }
  }

  /** Returns the position that goes with this thread's request; null if there is none. */
  public static @Nullable SessionPosition current() {
    return CURRENT.get();
  }

  /** Has this go with the thread until {@link #unbind}. */
  public void bind() {
    CURRENT.set(this);
  }

  /** Has nothing go with the thread any more. */
  public static void unbind() {
    CURRENT.remove();
  }

  /**
   * The person has changed something.
   *
   * @param position a position at or behind the change's record; null if it is not known to stand
   *     in the log
   */
  public void wrote(@Nullable Position position) {
    settled = false;
    waited = false;
    if (position == null) {
      unknown = "?" + UUID.randomUUID();
    } else if (position.compareTo(reached) > 0) {
      reached = position;
    }
    store.accept(text());
  }

  private String text() {
    return unknown == null ? reached.toString() : unknown;
  }

  /** Returns the name of a change that stands nobody knows where; null if there is none. */
  @Nullable String unknown() {
    return unknown;
  }

  /** Returns the position that a node must have reached. */
  Position reached() {
    return reached;
  }

  /** Whether the node that answers is known to have all changes of the person. */
  boolean isSettled() {
    return settled;
  }

  /** Whether this is the first time that somebody wants to wait for the position. */
  boolean mayWait() {
    boolean first = !waited;
    waited = true;
    return first;
  }

  void settle() {
    settled = true;
  }
}
