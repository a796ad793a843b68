package larder.cache.load;

import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a call of the layer's own is for: to see what the caches serve without loading, or to load
 * past all caches without keeping anything. Used by one thread.
 */
public final class Probe {

  private final boolean past;
  private @Nullable Served served;

  private Probe(boolean past) {
    this.past = past;
  }

  /** A probe whose call is answered by the caches or ends with {@link NotServedException}. */
  public static Probe ofCaches() {
    return new Probe(/* past= */ false);
  }

  /** A probe whose call runs its method and those that this calls, as if nothing were cached. */
  public static Probe pastCaches() {
    return new Probe(/* past= */ true);
  }

  /**
   * The entry that answered.
   *
   * @param cache the name of the cache
   * @param key the text of the key
   * @param asOf the position as of which the value was read
   */
  public record Served(String cache, String key, Position asOf) {}

  /** Whether the caches are to be passed by. */
  public boolean isPast() {
    return past;
  }

  /** Takes note of the entry that answered. */
  public void served(Served by) {
    served = by;
  }

  /** Returns the entry that answered; null if none has. */
  public @Nullable Served served() {
    return served;
  }

  /** Ends a call of which the caches had no answer. */
  @SuppressWarnings("serial")
  public static final class NotServedException extends RuntimeException {

    /** Without a stack trace: it says nothing but no. */
    public NotServedException() {
      super("No cache has an answer", null, false, false);
    }
  }
}
