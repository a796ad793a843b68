package larder.cache.tracking;

import java.util.Set;
import larder.cache.log.Tags;

/**
 * What a value depends on in the database.
 *
 * @param tags the tags of what its load read
 * @param unknown what was read and cannot be named or watched; empty if all is known
 */
public record Dependencies(Tags tags, Set<String> unknown) {

  /** Nothing. */
  public static final Dependencies NONE = new Dependencies(Tags.NONE, Set.of());

  /** Copies the set. */
  public Dependencies {
    unknown = Set.copyOf(unknown);
  }

  /** Whether the tags name all that the value depends on. */
  public boolean complete() {
    return unknown.isEmpty();
  }
}
