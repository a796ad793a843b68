package larder.cache.outbox;

import java.util.Set;
import java.util.function.Predicate;
import larder.cache.tracking.DataTags;

/**
 * The tables whose every change is told by a trigger, as of the last look at the database.
 *
 * <p>What depends on another table must not be taken for known at the level of the outbox. None is
 * watched before the first look. Thread-safe.
 */
public final class WatchedTables implements Predicate<String> {

  private volatile Set<String> watched = Set.of();

  /** Whether changes of a table are told, whoever makes them. Takes the name in any form. */
  public boolean isWatched(String table) {
    return watched.contains(DataTags.bare(table));
  }

  @Override
  public boolean test(String table) {
    return isWatched(table);
  }

  /** Returns the bare names of the watched tables. */
  public Set<String> names() {
    return watched;
  }

  void set(Set<String> bareNames) {
    watched = Set.copyOf(bareNames);
  }
}
