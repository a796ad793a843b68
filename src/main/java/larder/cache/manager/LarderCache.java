package larder.cache.manager;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import larder.cache.key.KeyText;
import larder.cache.load.Call;
import larder.cache.load.Loaded;
import larder.cache.load.Loads;
import larder.cache.load.Probe;
import larder.cache.log.node.Origin;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.manager.Look.Unasked;
import larder.cache.manager.RecentMisses.Miss;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.AbstractValueAdaptingCache;

/**
 * One cache, as Spring sees it.
 *
 * <p>Never throws for the cache's own sake: what cannot be cached, reached or proven is absent.
 * Writes wait for the commit of the surrounding transaction. Thread-safe.
 *
 * <p>A cache has views that differ in how they type values and in whose calls they answer: the one
 * that the cache manager gives, and one {@link #forMethod for each annotated method}. All share the
 * same entries.
 */
public final class LarderCache extends AbstractValueAdaptingCache {

  /** What a view puts. */
  public enum Puts {
    /** What its method loaded, which the load itself stores. */
    LOADED,
    /** What its method loaded, once its annotation has not refused it. */
    LOADED_UNLESS_REFUSED,
    /** News. */
    NEWS
  }

  private final String name;
  private final CacheEntries entries;
  private final Tiers tiers;
  private final Typing typing;
  private final @Nullable Puts method;

  LarderCache(String name, CacheEntries entries, Tiers tiers, Typing typing) {
    this(name, entries, tiers, typing, null);
  }

  private LarderCache(
      String name, CacheEntries entries, Tiers tiers, Typing typing, @Nullable Puts method) {
    super(/* allowNullValues= */ true);
    this.name = name;
    this.entries = entries;
    this.tiers = tiers;
    this.typing = typing;
    this.method = method;
  }

  /**
   * Returns the view of one annotated method.
   *
   * @param type what the method declares to return
   * @param puts what its annotation has it put
   */
  public LarderCache forMethod(ValueType type, Puts puts) {
    return new LarderCache(name, entries, tiers, new Typing.Declared(type), puts);
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

  /**
   * Returns the value of an entry in this process by the shortest way, and counts it as a hit, for
   * a call that is not part of another; {@link NearHits#NONE} if there is none, or if more is to be
   * done for it than to serve it. That is not counted: who gets it asks again as usual.
   */
  public @Nullable Object nearHit(Object key) {
    return entries.nearHits().find(typing, key);
  }

  @Override
  protected @Nullable Object lookup(Object key) {
    String text = readableText(key);
    if (text == null) {
      return null;
    }
    Call call = Call.current();
    if (method != null && call != null && call.isLoadNext() && !isProbed(call)) {
      return call.hasMissed() ? null : lookupToLoad(text, call, method);
    }
    Found found = find(text, call);
    if (found != null) {
      return toStoreValue(found.value());
    } else if (isProbed(call)) {
      return null;
    }
    if (method != null && call != null) {
      call.missed(new MissedEntry(entries, typing, text, method, null));
    } else if (call == null) {
      RecentMisses.note(new Miss(name, text, tiers.transactions().origin()));
    }
    return null;
  }

  private @Nullable Object lookupToLoad(String text, Call call, Puts puts) {
    Look look = entries.lookup().findToLoad(typing, text);
    if (look instanceof Found found) {
      told(found, call);
      return toStoreValue(found.value());
    }
    call.missed(missed(text, puts, look));
    return null;
  }

  private MissedEntry missed(String text, Puts puts, Look look) {
    return new MissedEntry(
        entries, typing, text, puts, look instanceof Unasked unasked ? unasked : null);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    String text = readableText(key);
    Call call = Call.current();
    try {
      if (text == null) {
        return valueLoader.call();
      } else if (isProbed(call)) {
        Found found = find(text, call);
        return found == null ? valueLoader.call() : (T) found.value();
      }
      Look look = entries.lookup().findToLoad(typing, text);
      return look instanceof Found found
          ? (T) told(found, call).value()
          : (T) load(missed(text, Puts.LOADED, look), valueLoader::call);
    } catch (Throwable e) {
      throw new ValueRetrievalException(key, valueLoader, e);
    }
  }

  private @Nullable Object load(MissedEntry miss, Loads.Method loader) throws Throwable {
    Call current = Call.current();
    boolean own = method == null || current == null;
    Call call = own || current == null ? Call.begin(tiers.transactions().origin()) : current;
    try {
      call.missed(miss);
      return tiers.loads().load(call, loader);
    } finally {
      if (own) {
        call.end();
      }
    }
  }

  /**
   * As {@link #get(Object)}: Redis is asked in the caller's thread, so that a method which runs
   * after a miss does not run in a thread of the client.
   */
  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    ValueWrapper found = get(key);
    return found == null ? null : CompletableFuture.completedFuture(found);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    String text = readableText(key);
    if (text == null) {
      return valueLoader.get();
    }
    Call call = Call.current();
    Found found = find(text, call);
    if (found != null) {
      return CompletableFuture.completedFuture((T) found.value());
    }
    return isProbed(call) ? valueLoader.get() : loadLater(text, valueLoader);
  }

  private <T> CompletableFuture<T> loadLater(
      String text, Supplier<CompletableFuture<T>> valueLoader) {
    Call current = Call.current();
    boolean own = method == null || current == null;
    Call call = own || current == null ? Call.begin(tiers.transactions().origin()) : current;
    try {
      call.missed(new MissedEntry(entries, typing, text, Puts.LOADED, null));
      Loads.Later later = tiers.loads().begin(call);
      CompletableFuture<T> answer = valueLoader.get();
      later.returned();
      return answer.thenApply(
          value -> {
            later.arrived(value);
            return value;
          });
    } finally {
      if (own) {
        call.end();
      }
    }
  }

  /**
   * Returns the values of several keys in the order of the keys; those that are not found are not
   * in the map. What neither tier has is brought by the loader, together; what others in this
   * process are loading is waited for.
   *
   * @throws NullPointerException if a key is null
   * @throws Throwable what the loader throws
   */
  public <K> Map<K, Object> getAll(Collection<? extends K> keys, BulkLoader<K> loader)
      throws Throwable {
    return getAll(keys, key -> Objects.requireNonNull((Object) key), loader);
  }

  /**
   * As {@link #getAll(Collection, BulkLoader)}, of things whose keys in this cache are others than
   * those by which the loader knows them.
   *
   * @param cacheKey gives the key in this cache
   */
  public <K> Map<K, Object> getAll(
      Collection<? extends K> keys, Function<K, Object> cacheKey, BulkLoader<K> loader)
      throws Throwable {
    Call current = Call.current();
    boolean own = method == null || current == null;
    Call call = own || current == null ? Call.begin(tiers.transactions().origin()) : current;
    try {
      return new SeveralEntries<>(entries, typing, loader)
          .get(
              call,
              keys,
              key -> isProbed(call) ? null : readableText(cacheKey.apply(key)),
              tiers.loads());
    } finally {
      if (own) {
        call.end();
        call.handUp();
      }
    }
  }

  private static boolean isProbed(@Nullable Call call) {
    return call != null && call.probe() != null;
  }

  private @Nullable Found find(String text, @Nullable Call call) {
    Probe probe = call == null ? null : call.probe();
    if (probe != null) {
      return probed(probe, text);
    }
    Found found = entries.lookup().find(typing, text);
    return found == null ? null : told(found, call);
  }

  /** Finds for a call of the layer's own, which is not counted, what the promise holds for. */
  private @Nullable Found probed(Probe probe, String text) {
    Found found = probe.isPast() ? null : entries.lookup().peek(typing, text);
    if (found == null || found.provenNanos() == ServingRule.NOT_PROVEN) {
      return null;
    }
    probe.served(new Probe.Served(name, text, found.stamp().asOf()));
    return found;
  }

  /** Tells the call at hand what was found. */
  private Found told(Found found, @Nullable Call call) {
    if (call != null) {
      if (method != null) {
        call.hit(found.source(), found.stamp(), found.provenNanos());
        call.answerEndsBy(found.expiresNanos());
      } else {
        call.consume(found.stamp(), found.provenNanos());
        call.endsBy(found.expiresNanos());
      }
    }
    return found;
  }

  /**
   * Puts a value; after the commit, if there is a transaction.
   *
   * <p>By hand, outside of any annotated method: a value that follows a {@link #get(Object)} of the
   * same key that found nothing, in the same thread, was read after it, and is dropped if the key
   * has changed since. Without such a lookup among the thread's last ones, or after an evict in the
   * same thread, it is news: what is put says how it is now. Whoever reads first and puts later
   * without having looked can leave an old value; {@link #get(Object, Callable)} cannot.
   */
  @Override
  public void put(Object key, @Nullable Object value) {
    if (isProbed(Call.current())) {
      return;
    }
    if (method == null || method == Puts.NEWS) {
      write(
          key, text -> entries.writes().put(typing.toWrite(value), text, value, stampOfNews(text)));
      return;
    }
    Call call = Call.current();
    Loaded loaded = call == null ? null : call.loaded();
    String text = loaded == null || loaded.settled() ? null : readableText(key);
    if (call != null && loaded != null && text != null && loaded.value() == value) {
      call.storing(entries.writes().store(typing.toWrite(value), text, loaded, call.lock()));
    }
  }

  /**
   * News is as old as the call of the annotated method around it. A method whose call is not known
   * any more makes no news.
   */
  private @Nullable Stamp stampOfNews(String text) {
    Call call = Call.current();
    if (call != null) {
      return call.news(entries.tags(text));
    }
    Miss miss = method == null ? RecentMisses.take(name, text) : null;
    Origin now = method == null ? tiers.transactions().origin() : null;
    Origin origin = miss == null ? now : miss.origin();
    return origin == null ? null : Stamp.loaded(origin, entries.tags(text), /* complete= */ true);
  }

  /**
   * Looks and puts in two steps: several may find nothing at the same time, and what stays is a
   * value of one of them, or nothing.
   */
  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    String text = readableText(key);
    Found found = text == null ? null : find(text, Call.current());
    if (found != null) {
      return toValueWrapper(toStoreValue(found.value()));
    }
    put(key, value);
    return null;
  }

  @Override
  public void evict(Object key) {
    write(key, this::evictText);
  }

  /**
   * Evicts several keys by one record, after the commit, if there is a transaction; more than
   * 10,000 are evicted by clearing the cache. Those without a text are passed over.
   */
  public void evictAll(Collection<?> keys) {
    Set<String> texts = new LinkedHashSet<>();
    keys.forEach(key -> write(key, texts::add));
    texts.forEach(text -> RecentMisses.forget(name, text));
    entries.writes().evictAll(texts);
  }

  /**
   * Removes at once and, in a transaction, once more after the commit. Spring asks for it before an
   * annotated method runs: what others load meanwhile may be from before the method's own change,
   * so it is removed once more when the method has ended.
   */
  @Override
  public boolean evictIfPresent(Object key) {
    String text = readableText(key);
    boolean present = text != null && entries.lookup().peek(typing, text) != null;
    write(key, entries.writes()::evictNow);
    afterwards(() -> write(key, entries.writes()::evict));
    return present;
  }

  /** Evicts the entry of a key that is given as its text, as it ends in Redis. */
  public void evictText(String text) {
    RecentMisses.forget(name, text);
    entries.writes().evict(text);
  }

  /**
   * Returns what both tiers hold under the text of a key, near first, without serving it. Values
   * are shown unless the cache is sensitive.
   */
  public List<EntryReport> inspect(String text) {
    boolean values = !entries.policy().sensitive();
    return new EntryInspector(tiers, typing, values)
        .inspect(entries.fullKey(text), entries.address(text), entries.impliedTags(text));
  }

  @Override
  public void clear() {
    RecentMisses.forget(name);
    entries.writes().clear();
  }

  /**
   * Clears at once and, in a transaction, once more after the commit.
   *
   * @return false: whether there were entries is not known
   */
  @Override
  public boolean invalidate() {
    entries.writes().clearNow();
    afterwards(entries.writes()::clear);
    return false;
  }

  private void afterwards(Runnable again) {
    Call call = method == null ? null : Call.current();
    if (call != null) {
      call.afterwards(again);
    }
  }

  private void write(Object key, Consumer<String> write) {
    String text = text(key);
    if (text != null) {
      write.accept(text);
    }
  }

  /** Returns the text of a key to be looked up; null if looking is of no use. */
  private @Nullable String readableText(Object key) {
    return entries.isEnabled() && !typing.isHopeless() ? text(key) : null;
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
