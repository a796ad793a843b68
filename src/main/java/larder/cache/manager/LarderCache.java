package larder.cache.manager;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import larder.cache.key.KeyText;
import larder.cache.transaction.AfterCommit;
import larder.cache.value.Decoded;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.AbstractValueAdaptingCache;

/**
 * One cache, as Spring sees it.
 *
 * <p>Never throws for the cache's own sake: what cannot be cached or reached is absent. Writes wait
 * for the commit of the surrounding transaction. Thread-safe.
 *
 * <p>A cache has views that differ in how they type values: the one that the cache manager gives,
 * and one {@link #forMethod for each annotated method}. All share the same entries.
 */
public final class LarderCache extends AbstractValueAdaptingCache {

  private final String name;
  private final CacheEntries entries;
  private final LoadLocks locks;
  private final Typing typing;
  private final boolean fills;
  private final Supplier<CallObserver> call;

  LarderCache(String name, CacheEntries entries, Typing typing) {
    this(name, entries, new LoadLocks(), typing, false, () -> CallObserver.NO_OP);
  }

  private LarderCache(
      String name,
      CacheEntries entries,
      LoadLocks locks,
      Typing typing,
      boolean fills,
      Supplier<CallObserver> call) {
    super(/* allowNullValues= */ true);
    this.name = name;
    this.entries = entries;
    this.locks = locks;
    this.typing = typing;
    this.fills = fills;
    this.call = call;
  }

  /**
   * Returns the view of one annotated method.
   *
   * @param type what the method declares to return
   * @param fills whether what it puts is what it loaded, rather than news
   * @param call gives the observer of the call at hand; asked in the caller's thread
   */
  public LarderCache forMethod(ValueType type, boolean fills, Supplier<CallObserver> call) {
    return new LarderCache(name, entries, locks, new Typing.Declared(type), fills, call);
  }

  @Override
  public String getName() {
    return name;
  }

  /** Returns this: the entries are reached through it only. */
  @Override
  public Object getNativeCache() {
    return this;
  }

  @Override
  protected @Nullable Object lookup(Object key) {
    String text = readableText(key);
    Decoded found = text == null ? null : entries.find(typing, text);
    if (found == null) {
      return null;
    }
    call.get().hit();
    return toStoreValue(found.value());
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    ValueWrapper found = get(key);
    if (found != null) {
      return (T) found.get();
    }
    String text = readableText(key);
    if (text == null) {
      return load(key, valueLoader);
    }
    return locks.<@Nullable T>inTurn(
        text,
        () -> {
          ValueWrapper meanwhile = get(key);
          return meanwhile != null ? (T) meanwhile.get() : load(key, valueLoader);
        });
  }

  private <T> @Nullable T load(Object key, Callable<T> valueLoader) {
    T value;
    try {
      value = valueLoader.call();
    } catch (Throwable e) {
      throw new ValueRetrievalException(key, valueLoader, e);
    }
    fill(key, value);
    return value;
  }

  /**
   * Looks in the caller's thread, which waits at most one deadline, so that a load runs in that
   * thread too: with its transaction, and never on a thread that Redis's answers need.
   */
  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    ValueWrapper found = get(key);
    return found == null ? null : CompletableFuture.completedFuture(found);
  }

  /** Looks and begins to load in the caller's thread, as {@link #retrieve(Object)} does. */
  @Override
  @SuppressWarnings("unchecked")
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    ValueWrapper found = get(key);
    return found == null
        ? loadLater(key, valueLoader)
        : CompletableFuture.completedFuture((T) found.get());
  }

  private <T> CompletableFuture<T> loadLater(
      Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return valueLoader
        .get()
        .thenApply(
            value -> {
              fill(key, value);
              return value;
            });
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    if (fills) {
      fill(key, value);
    } else {
      write(key, text -> entries.putting(typing.toWrite(value), text, value));
    }
  }

  /** Stores at once or, in a transaction, after the commit if there is still no value then. */
  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    ValueWrapper found = get(key);
    String text = found == null ? readableText(key) : null;
    if (text == null) {
      return found;
    }
    BooleanSupplier putting = entries.puttingIfAbsent(typing.toWrite(value), text, value);
    if (AfterCommit.isPending()) {
      write(
          key,
          same ->
              () -> {
                var unused = putting.getAsBoolean();
              });
      return null;
    }
    return putting.getAsBoolean() ? null : get(key);
  }

  @Override
  public void evict(Object key) {
    write(key, text -> () -> entries.remove(text));
  }

  /** Removes at once and, in a transaction, once more after the commit. */
  @Override
  public boolean evictIfPresent(Object key) {
    String text = text(key);
    boolean removed = text != null && entries.remove(text);
    evict(key);
    return removed;
  }

  @Override
  public void clear() {
    AfterCommit.run(name, null, entries::removeAll, entries::removeAll);
  }

  /** Clears at once and, in a transaction, once more after the commit. */
  @Override
  public boolean invalidate() {
    boolean removed = entries.removeAll();
    clear();
    return removed;
  }

  private void fill(Object key, @Nullable Object value) {
    String text = readableText(key);
    if (text != null) {
      AfterCommit.fill(entries.filling(typing.toWrite(value), text, value));
    }
  }

  private void write(Object key, Function<String, Runnable> write) {
    String text = text(key);
    if (text != null) {
      AfterCommit.run(name, text, write.apply(text), () -> entries.remove(text));
    }
  }

  /** Returns the text of a key to be looked up; null if looking is of no use. */
  private @Nullable String readableText(Object key) {
    if (!entries.isEnabled() || typing.isHopeless()) {
      return null;
    }
    String text = text(key);
    return text == null || AfterCommit.touches(name, text) ? null : text;
  }

  private @Nullable String text(Object key) {
    String text = KeyText.of(key).orElse(null);
    if (text == null) {
      entries.say(
          key.getClass(),
          "calls with a key of %s are not cached, since it has no text that is the same for equal keys; name the part that matters, such as key = \"#user.id\", or use a record"
              .formatted(key.getClass().getName()));
    }
    return text;
  }
}
