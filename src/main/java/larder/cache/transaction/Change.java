package larder.cache.transaction;

import java.util.function.Consumer;
import larder.cache.log.Author.Cause;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * One change of a cache.
 *
 * @param named the tags that its record names
 * @param put the new value, if there is one; null for an evict
 * @param remove takes away what the change makes stale, to free memory; must not throw
 * @param cause what it is, for people who look at the log
 * @param byTriggers whether triggers leave these tags in the outbox, so that the layer need not
 */
public record Change(
    Tags named, @Nullable Put put, Runnable remove, Cause cause, boolean byTriggers) {

  /** A value put in place of another, or an evict. */
  public Change(Tags named, @Nullable Put put, Runnable remove) {
    this(named, put, remove, put == null ? Cause.EVICT : Cause.PUT);
  }

  /** A change that only the layer knows of. */
  public Change(Tags named, @Nullable Put put, Runnable remove, Cause cause) {
    this(named, put, remove, cause, /* byTriggers= */ false);
  }

  /**
   * A value that waits for the log's decision.
   *
   * @param key the hash of its key's tag
   * @param stamp the value's stamp, as of the origin of the method that made it
   * @param store keeps the value under the stamp that was decided
   */
  public record Put(long key, Stamp stamp, Consumer<Stamp> store) {}

  /** Returns the same change without a value. */
  Change asEvict() {
    return new Change(named, null, remove, cause, byTriggers);
  }

  boolean touchedBy(Tags tags) {
    return put != null && put.stamp().tags().intersects(tags);
  }
}
