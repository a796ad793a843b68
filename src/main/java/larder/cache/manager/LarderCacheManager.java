package larder.cache.manager;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import larder.cache.policy.PolicyCatalog;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import larder.redis.Keyspace;
import org.springframework.cache.CacheManager;

/**
 * The cache manager: any name is a cache, made when first asked for.
 *
 * <p>Asking for a cache does no I/O. Thread-safe.
 */
public final class LarderCacheManager implements CacheManager {

  private final Keyspace keyspace;
  private final PolicyCatalog policies;
  private final Tiers tiers;
  private final ValueTypes types;
  private final Function<String, Collection<ValueType>> declared;
  private final Map<String, LarderCache> caches = new ConcurrentHashMap<>();

  /**
   * @param keyspace the application's keys
   * @param declared gives the types that the annotated methods of a cache declare
   */
  public LarderCacheManager(
      Keyspace keyspace,
      PolicyCatalog policies,
      Tiers tiers,
      ValueTypes types,
      Function<String, Collection<ValueType>> declared) {
    this.keyspace = keyspace;
    this.policies = policies;
    this.tiers = tiers;
    this.types = types;
    this.declared = declared;
  }

  @Override
  public LarderCache getCache(String name) {
    LarderCache cache = caches.get(name);
    return cache != null ? cache : caches.computeIfAbsent(name, this::create);
  }

  /** Returns the names of the caches asked for so far, in alphabetical order. */
  @Override
  public Collection<String> getCacheNames() {
    return Collections.unmodifiableCollection(new TreeSet<>(caches.keySet()));
  }

  /** Clears all caches asked for so far. */
  @Override
  public void resetCaches() {
    caches.values().forEach(LarderCache::clear);
  }

  /** Returns the beginning of all keys of a cache, which its version follows. */
  public String keyPrefix(String cache) {
    return keyspace.prefix() + Keyspace.escaped(cache) + ":";
  }

  private LarderCache create(String name) {
    CacheEntries entries =
        new CacheEntries(
            name, keyspace.prefix() + Keyspace.escaped(name), policies.current(name), tiers);
    return new LarderCache(
        name, entries, tiers, new Typing.Known(types, () -> declared.apply(name)));
  }
}
