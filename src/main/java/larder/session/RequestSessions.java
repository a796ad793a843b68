package larder.session;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the sessions of the request that a thread answers, so that Redis is asked once
 * for each. Bound to the thread, and used by it alone; where none is bound, nothing is remembered.
 */
public final class RequestSessions {

  private static final ThreadLocal<@Nullable RequestSessions> CURRENT = new ThreadLocal<>();

  private final Map<String, @Nullable StoredSession> found = new HashMap<>();
  private boolean unread;

  private RequestSessions() {}

  /** Begins with knowing nothing. */
  public static void begin() {
    CURRENT.set(new RequestSessions());
  }

  /** Forgets all. */
  public static void end() {
    CURRENT.remove();
  }

  /**
   * Whether this thread's request brought a session that could not be looked for: whose it is may
   * be signed in, and looks like a guest.
   */
  public static boolean areUnread() {
    return current().unread;
  }

  static RequestSessions current() {
    RequestSessions bound = CURRENT.get();
    return bound == null ? new RequestSessions() : bound;
  }

  /** Returns what is under an id; null if there is none. Looked for once. */
  @Nullable StoredSession find(String id, Function<String, @Nullable StoredSession> look) {
    if (!found.containsKey(id)) {
      found.put(id, look.apply(id));
    }
    return found.get(id);
  }

  /** Takes note of what is under an id from now on; null if there is none. */
  void found(String id, @Nullable StoredSession session) {
    found.put(id, session);
  }

  void forget(String id) {
    found.remove(id);
  }

  void couldNotRead() {
    unread = true;
  }
}
