package larder.cache.method;

import java.util.Optional;
import larder.cache.manager.LarderCache;
import larder.cache.manager.NearHits;
import larder.cache.method.PlainOperations.PlainOperation;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * A way to the near entry of an annotated method that is known beforehand, for one class of
 * targets: its one cache, and which of its arguments make the key.
 *
 * @param target the class of the target
 * @param cache the cache as the method sees it; null if the method is not plain
 * @param argument the number of the argument that is the key; {@link PlainOperation#ALL} if all
 *     make it
 * @param optional whether the method declares to return an {@link Optional}
 * @param loadsNext whether the call, if it finds nothing, has nothing left to do but load
 * @param looksFirst whether Spring's advice does nothing before it looks, and may be told
 *     beforehand what was found
 */
record PlainCall(
    Class<?> target,
    @Nullable LarderCache cache,
    int argument,
    boolean optional,
    boolean loadsNext,
    boolean looksFirst) {

  /** Returns the call of a method that is left to Spring's advice. */
  static PlainCall none(Class<?> target, boolean loadsNext) {
    return new PlainCall(
        target,
        null,
        PlainOperation.ALL,
        /* optional= */ false,
        loadsNext,
        /* looksFirst= */ false);
  }

  /** Returns the answer of a near entry, counted; {@link NearHits#NONE} if Spring is to look. */
  @Nullable Object answer(@Nullable Object[] arguments) {
    Object key = cache == null ? null : key(arguments);
    if (cache == null || key == null) {
      return NearHits.NONE;
    }
    Object found = cache.nearHit(key);
    return optional && found != NearHits.NONE ? Optional.ofNullable(found) : found;
  }

  /**
   * Returns what either tier has, and tells the call at hand, also if that is nothing: then
   * Spring's advice is not to look again.
   *
   * @return {@link NearHits#NONE} if nothing was found, or if Spring is to look
   */
  @Nullable Object look(@Nullable Object[] arguments) {
    Object key = cache == null || !looksFirst ? null : key(arguments);
    ValueWrapper found = cache == null || key == null ? null : cache.get(key);
    if (found == null) {
      return NearHits.NONE;
    }
    return optional ? Optional.ofNullable(found.get()) : found.get();
  }

  /** Returns the key; null where Spring would say that there is none. */
  private @Nullable Object key(@Nullable Object[] arguments) {
    if (argument != PlainOperation.ALL) {
      return arguments[argument];
    } else if (arguments.length == 0) {
      return SimpleKey.EMPTY;
    }
    Object first = arguments[0];
    return arguments.length == 1 && first != null && !first.getClass().isArray()
        ? first
        : new SimpleKey(arguments);
  }
}
