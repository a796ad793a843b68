package larder.cache.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import larder.cache.key.RecentKey;
import org.jspecify.annotations.Nullable;

/**
 * The entries of all caches that this process holds, by their Redis key, bounded by their weight.
 *
 * <p>It keeps what it is given until the entry expires or room is needed; whether an entry may be
 * served is judged by others, each time. Thread-safe.
 *
 * <p><em>Shortcuts.</em> A key that was used of late leads to its entry, past the map. An entry
 * that leaves the map is marked before the call that made it leave returns, and a shortcut to a
 * marked entry is none; so a shortcut finds what the map would. The mark is set before the shortcut
 * is looked for, and a shortcut is made before the mark is looked at: one of the two takes a
 * shortcut to an entry that is gone away, so that none keeps it in memory.
 *
 * <p><em>What the map is told.</em> What a map does with a read, to choose what to keep and to let
 * it expire in time, touches more memory than finding the entry. One in {@value #SEEN} reads, drawn
 * by lot, tells it; the others look quietly, or take the shortcut. That is not enough for it to
 * choose well, since it sees each read of an entry that it has not: so as long as room is short,
 * all reads tell it.
 */
public final class NearCache {

  /** Of so many reads the map is told one; a power of two. */
  private static final int SEEN = 8;

  /** For so long after an entry had to make room the map is told all reads. */
  private static final Duration SHORT_OF_ROOM = Duration.ofSeconds(10);

  /** One in so many of them looks whether that time is over; a power of two. */
  private static final int LOOKS = 1_024;

  private final boolean keeps;
  private final LongSupplier nanoClock;
  private final Cache<String, NearEntry> entries;
  private final Policy<String, NearEntry> policy;
  private volatile int lots =
      SEEN - 1; // lots by which the map is not told of a read; 0: there are none
  private volatile long madeRoomNanos;

  /**
   * @param maxBytes most weight, in bytes as estimated; 0 keeps nothing
   * @param nanoClock the monotonic clock of {@link NearEntry}
   */
  public NearCache(long maxBytes, LongSupplier nanoClock) {
    this.keeps = maxBytes > 0;
    this.nanoClock = nanoClock;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String key, NearEntry entry) -> weight(key, entry))
            .expireAfter(
                Expiry.<String, NearEntry>writing(
                    (key, entry) ->
                        Duration.ofNanos(
                            Math.max(0, entry.life().keptNanos() - nanoClock.getAsLong()))))
            .removalListener(this::removed)
            .ticker(nanoClock::getAsLong)
            .executor(Runnable::run)
            .build();
    this.policy = entries.policy();
  }

  private static int weight(String key, NearEntry entry) {
    return entry.weight() + 2 * key.length();
  }

  private void removed(@Nullable String key, @Nullable NearEntry entry, RemovalCause cause) {
    if (key != null && entry != null) {
      entry.isNoMore();
      entry.statistics().nearGone(weight(key, entry), cause == RemovalCause.SIZE);
    }
    if (cause == RemovalCause.SIZE) {
      madeRoomNanos = nanoClock.getAsLong();
      lots = 0;
    }
  }

  /** Returns the entry under a key; null if there is none. */
  public @Nullable NearEntry get(String key) {
    return find(key, isToBeTold());
  }

  /** As {@link #get(String)}, by the shortcut of the key if it has one, else to make one. */
  public @Nullable NearEntry get(RecentKey<NearEntry> key) {
    NearEntry held = key.held();
    boolean told = isToBeTold();
    if (!told && held != null && !held.isGone()) {
      return held;
    }
    NearEntry found = find(key.name(), told);
    if (found != null && found != held) {
      found.lead(key);
    }
    return found;
  }

  private @Nullable NearEntry find(String key, boolean told) {
    return told ? entries.getIfPresent(key) : policy.getIfPresentQuietly(key);
  }

  private boolean isToBeTold() {
    int unseen = lots;
    if (unseen != 0) {
      return (ThreadLocalRandom.current().nextInt() & unseen) == 0;
    } else if ((ThreadLocalRandom.current().nextInt() & (LOOKS - 1)) == 0) {
      lookForRoom();
    }
    return true;
  }

  private void lookForRoom() {
    if (nanoClock.getAsLong() - madeRoomNanos > SHORT_OF_ROOM.toNanos()) {
      lots = SEEN - 1;
    }
  }

  /** Keeps an entry in place of the one before it. */
  public void put(String key, NearEntry entry) {
    if (!keeps) {
      return;
    }
    entry.statistics().nearKept(weight(key, entry));
    entries.put(key, entry);
  }

  /** Forgets an entry. */
  public void remove(String key) {
    entries.invalidate(key);
  }

  /** Forgets all entries. */
  public void clear() {
    entries.invalidateAll();
  }

  /** Shows all entries, in no order, while others come and go. */
  public void forEach(BiConsumer<String, NearEntry> viewer) {
    entries.asMap().forEach(viewer);
  }

  /**
   * Returns the entries that were read most often of late, the hottest first, among those whose key
   * begins with a text. Takes time with the number of entries; reads do not wait for it.
   *
   * @param most how many at most
   */
  public Map<String, NearEntry> hottest(String prefix, int most) {
    return policy
        .eviction()
        .orElseThrow()
        .hottest(
            all ->
                all.filter(entry -> entry.getKey().startsWith(prefix))
                    .limit(most)
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey,
                            Map.Entry::getValue,
                            (first, second) -> first,
                            LinkedHashMap::new)));
  }

  /** Returns the weight of all entries, in bytes as estimated. */
  public long weight() {
    return policy.eviction().orElseThrow().weightedSize().orElse(0);
  }

  /** Returns about how many entries there are. */
  public long size() {
    return entries.estimatedSize();
  }
}
