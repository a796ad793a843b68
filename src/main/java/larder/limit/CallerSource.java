package larder.limit;

import org.jspecify.annotations.Nullable;

/**
 * Tells who makes the call that is under way in this thread. Called for limits by user or by
 * address; a web application has one, and may have another bean in its place.
 */
public interface CallerSource {

  /** Returns the signed-in user's name that never changes; null if nobody is signed in. */
  @Nullable String user();

  /** Returns the network that the call came from; null if it came from none. */
  @Nullable String network();
}
