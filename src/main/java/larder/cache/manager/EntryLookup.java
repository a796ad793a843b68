package larder.cache.manager;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import larder.cache.load.KeyLocks.Claim;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.manager.Look.Missing;
import larder.cache.manager.Look.Unasked;
import larder.cache.near.NearEntry;
import larder.cache.statistics.Miss;
import org.jspecify.annotations.Nullable;

/**
 * The lookup of entries of one cache, near and remote.
 *
 * <p>An entry is judged last of all, when it is about to be served.
 */
final class EntryLookup {

  private final CacheEntries entries;
  private final Tiers tiers;
  private final NearLookup near;
  private final RemoteLookup remote;

  EntryLookup(CacheEntries entries, Tiers tiers) {
    this.entries = entries;
    this.tiers = tiers;
    EntryJudge judge = new EntryJudge(tiers);
    this.near = new NearLookup(entries, tiers, judge);
    this.remote = new RemoteLookup(entries, tiers, judge);
  }

  /** Returns the value of a key, near or remote; null if there is none that may be served. */
  @Nullable Found find(Typing typing, String key) {
    return counted(key, look(typing, key));
  }

  /**
   * As {@link #find}, for a caller who is about to load what is not found: where Redis hardly has
   * an entry, it is left to be asked together with the lock of the load.
   */
  Look findToLoad(Typing typing, String key) {
    Predicate<Tags> touches = tiers.transactions()::touches;
    Look here = near.look(typing, key, touches);
    if (here instanceof Missing missing && isToBeAskedLater(missing.reason(), key)) {
      return new Unasked(missing.reason());
    }
    Look look = remoteIfNotNear(here, typing, key, touches);
    var unused = counted(key, look);
    return look;
  }

  private boolean isToBeAskedLater(Miss near, String key) {
    return switch (near) {
          case REFRESH, TRANSACTION, SESSION -> false;
          default -> entries.remoteOdds().areLow(near);
        }
        && tiers.loads().canClaim(locks -> entries.canClaim(locks, key));
  }

  /** Counts a lookup for which Redis was not asked until now. */
  void count(String key, Unasked unasked) {
    if (unasked.isToBeCounted()) {
      var unused = counted(key, new Missing(unasked.reason()));
    }
  }

  /** Returns what was found at last for a lookup that had left Redis to be asked. */
  @Nullable Found asked(Typing typing, String key, Unasked unasked, Claim claim) {
    Look claimed = remote.claimed(typing, key, claim);
    entries.remoteOdds().note(unasked.reason(), claimed);
    Look look = better(new Missing(unasked.reason()), claimed);
    return unasked.isToBeCounted() ? counted(key, look) : Look.found(look);
  }

  /** As {@link #findRemote}, of what was found together with the lock. */
  @Nullable Found claimed(Typing typing, String key, Claim claim) {
    return Look.found(remote.claimed(typing, key, claim));
  }

  /**
   * Returns the oldest position as of which an entry of a key is of any use, as far as that can be
   * told before it is seen: by the tags of the one that this process has, or else by those that all
   * of them carry.
   */
  Position oldest(String key) {
    NearEntry entry = tiers.near().get(entries.fullKey(key));
    return tiers
        .rule()
        .oldest(
            entry == null
                ? Tags.of(entries.cacheTag(), entries.keyTag(key))
                : entry.stamp().tags());
  }

  /** As {@link #find}, and not counted as a lookup. */
  @Nullable Found peek(Typing typing, String key) {
    return Look.found(look(typing, key));
  }

  /**
   * Returns the values of several keys that may be served, by key: the near ones, and of the others
   * those that Redis has, which is asked once for all.
   */
  Map<String, Found> findAll(Typing typing, Collection<String> keys) {
    Predicate<Tags> touches = tiers.transactions().touching();
    Map<String, Look> looks = new LinkedHashMap<>();
    for (String key : keys) {
      looks.put(key, near.look(typing, key, touches));
    }
    List<String> further = keys.stream().filter(key -> mayBeRemote(looks.get(key))).toList();
    remote
        .lookAll(typing, further, touches)
        .forEach((key, look) -> looks.merge(key, look, EntryLookup::better));
    Map<String, Found> found = new LinkedHashMap<>();
    looks.forEach(
        (key, look) -> {
          Found one = counted(key, look);
          if (one != null) {
            found.put(key, one);
          }
        });
    return found;
  }

  private @Nullable Found counted(String key, Look look) {
    if (look instanceof Found found) {
      found.countIn(entries.statistics());
      return found;
    }
    Miss reason = ((Missing) look).reason();
    boolean ended = reason == Miss.ABSENT && entries.isOver(key);
    entries.statistics().miss(ended ? Miss.EXPIRED : reason);
    return null;
  }

  private Look look(Typing typing, String key) {
    Predicate<Tags> touches = tiers.transactions()::touches;
    return remoteIfNotNear(near.look(typing, key, touches), typing, key, touches);
  }

  private Look remoteIfNotNear(Look here, Typing typing, String key, Predicate<Tags> touches) {
    if (here instanceof Missing missing && mayBeRemote(here)) {
      Look there = remote.look(typing, key, touches);
      entries.remoteOdds().note(missing.reason(), there);
      return better(here, there);
    }
    return here;
  }

  /** Who is to load early asks nobody else. */
  private static boolean mayBeRemote(@Nullable Look here) {
    return here instanceof Missing missing && missing.reason() != Miss.REFRESH;
  }

  /** If there is nothing in Redis either, the reason is what was wrong with the near one. */
  private static Look better(Look here, Look there) {
    return there instanceof Missing missing && missing.reason() == Miss.ABSENT ? here : there;
  }

  /** Returns the value of a key that was kept near since an instant; null if there is none. */
  @Nullable Found findNearSince(Typing typing, String key, long nanos) {
    return near.findSince(typing, key, nanos);
  }

  /** Returns the value of a key in Redis; null if there is none that may be served. */
  @Nullable Found findRemote(Typing typing, String key) {
    return Look.found(remote.look(typing, key, tiers.transactions()::touches));
  }

  /** As {@link NearLookup#staleAfter}. */
  @Nullable Found staleAfter(Typing typing, String key, Throwable failure) {
    return near.staleAfter(typing, key, failure);
  }
}
