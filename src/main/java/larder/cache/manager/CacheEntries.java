package larder.cache.manager;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.cache.key.KeyPair;
import larder.cache.key.KeyText;
import larder.cache.key.RecentKey;
import larder.cache.key.RecentKeys;
import larder.cache.load.KeyLocks;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearEntry;
import larder.cache.near.NearEntry.Life;
import larder.cache.policy.Policy;
import larder.cache.remote.EntryAddress;
import larder.cache.statistics.CacheStatistics;
import larder.cache.value.Envelope;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one cache in both tiers, under its current policy: what they are named, and how
 * long they live.
 *
 * <p>Redis key: {@code {application}:{cache}:v{version}:{key}}, such as {@code larder:users:v1:42};
 * a colon inside of a name is written {@code %3A}. Value: see {@link Envelope}. Every entry has a
 * time to live. Where the policy says so, the entry of a key of two parts is a field instead: that
 * of {@code (42,theme)} is {@code theme} of the hash {@code larder:profile-settings:v1:42:fields}.
 * Tags: {@code c:{cache}} and {@code k:{cache}:{key}}, without the version, so that versions that
 * run side by side invalidate each other.
 */
final class CacheEntries {

  private static final Logger log = LoggerFactory.getLogger(CacheEntries.class);

  private static final int MOST_SAID = 100;

  /** How the key of a hash ends, and no key's text. */
  private static final String FIELDS = ":fields";

  private final String name;
  private final String prefix;
  private final long cacheTagHash;
  private final Supplier<Policy> policy;
  private final Tiers tiers;
  private final Set<Object> said = ConcurrentHashMap.newKeySet();
  private final CacheStatistics statistics;
  private final EntryEnds entryEnds = new EntryEnds();
  private final RemoteOdds remoteOdds = new RemoteOdds();
  private final RecentKeys<NearEntry> recentKeys = new RecentKeys<>();
  private final NearHits nearHits;
  private final EntryLookup lookup;
  private final EntryWrites writes;

  /**
   * @param prefix application and name of the cache, as its keys begin
   */
  CacheEntries(String name, String prefix, Supplier<Policy> policy, Tiers tiers) {
    this.name = name;
    this.prefix = prefix;
    this.cacheTagHash = Tags.hash(cacheTag());
    this.policy = policy;
    this.tiers = tiers;
    this.statistics = tiers.statistics().of(name);
    this.nearHits = new NearHits(this, tiers);
    this.lookup = new EntryLookup(this, tiers);
    this.writes = new EntryWrites(this, tiers);
  }

  /** Returns what finds entries. */
  EntryLookup lookup() {
    return lookup;
  }

  /** Returns what finds entries of this process by the shortest way. */
  NearHits nearHits() {
    return nearHits;
  }

  /** Returns how likely Redis has what this process has not. */
  RemoteOdds remoteOdds() {
    return remoteOdds;
  }

  /** Whether the entry of a key can be looked at in Redis together with its lock. */
  boolean canClaim(KeyLocks locks, String key) {
    return !policy().fields() && locks.canClaim(fullKey(key));
  }

  /** Returns what stores and ends entries. */
  EntryWrites writes() {
    return writes;
  }

  String name() {
    return name;
  }

  CacheStatistics statistics() {
    return statistics;
  }

  boolean isEnabled() {
    return policy.get().enabled();
  }

  /** Returns the policy that holds now. */
  Policy policy() {
    return policy.get();
  }

  /** Returns the tags that every value of a key carries, to be told to people by their names. */
  Tags tags(String key) {
    noteName(key);
    return impliedTags(key);
  }

  /** Returns the tags that every value of a key carries, so that its entry need not hold them. */
  Tags impliedTags(String key) {
    return Tags.ofHashes(cacheTagHash, Tags.hash(keyTag(key)));
  }

  /** Has people who look know the tag of a key by its name. */
  void noteName(String key) {
    tiers.names().note(keyTag(key));
  }

  String cacheTag() {
    return "c:" + name;
  }

  String keyTag(String key) {
    return "k:" + name + ":" + key;
  }

  /** Returns the name of an entry in this process, which no other entry of any cache has. */
  String fullKey(String key) {
    return fullKey(key, policy.get().version());
  }

  private String fullKey(String key, int version) {
    return prefix + ":v" + version + ":" + key;
  }

  /** Returns the entry in this process of a key that has no text yet; null if there is none. */
  @Nullable NearEntry near(Object key, int version) {
    RecentKey<NearEntry> recent = recentKeys.find(key, version);
    return recent == null ? nearUnnoted(key, version) : tiers.near().get(recent);
  }

  private @Nullable NearEntry nearUnnoted(Object key, int version) {
    String text = KeyText.of(key).orElse(null);
    if (text == null) {
      return null;
    }
    String fullKey = fullKey(text, version);
    NearEntry found = tiers.near().get(fullKey);
    if (found != null) {
      recentKeys.note(key, version, fullKey);
    }
    return found;
  }

  /** Returns where the entry of a key stands in Redis. */
  EntryAddress address(String key) {
    KeyPair pair = policy.get().fields() ? KeyPair.of(key) : null;
    return pair == null
        ? EntryAddress.ofKey(fullKey(key))
        : EntryAddress.ofField(fullKey(pair.first()) + FIELDS, pair.second());
  }

  /** Says something of this cache once for each subject, as a warning. */
  void say(Object subject, String about) {
    if (said.size() < MOST_SAID && said.add(subject)) {
      log.warn("Cache '{}': {}", name, about);
    }
  }

  /** Returns the life of a value that begins now. */
  Life life(Duration ttl, Duration ends, long costNanos) {
    return Lifetimes.begin(policy.get(), tiers.nanoClock().getAsLong(), ttl, ends, costNanos);
  }

  /** Keeps a value in this process. */
  void keepNear(ValueType type, String key, Payload payload, Stamp stamp, Life life) {
    tiers
        .near()
        .put(
            fullKey(key),
            new NearEntry(type, payload.value, payload.bytes, stamp, life, statistics));
    if (!payload.isNotFound()) {
      noteEnd(key, life);
    }
  }

  /** Takes note of when a life ends. */
  void noteEnd(String key, Life life) {
    entryEnds.note(key, life.expiresNanos());
  }

  /** Whether the life of a key is known to be over. */
  boolean isOver(String key) {
    return entryEnds.isOver(key, tiers.nanoClock().getAsLong());
  }
}
