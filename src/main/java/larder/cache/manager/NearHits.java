package larder.cache.manager;

import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearEntry;
import larder.cache.near.NearEntry.Life;
import larder.cache.policy.Policy;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The shortest way to an entry of one cache that this process holds and that may be served as it
 * is, with nothing else to be done.
 *
 * <p>It judges as {@link EntryLookup} does, and leaves to it whatever is not plain: an entry that
 * is over, about to end or to be renewed, of which each caller gets a copy, or that may not be
 * served. No I/O but the wait of a session for its own write, no lock; for a key that was used of
 * late it allocates nothing.
 */
public final class NearHits {

  /** Stands for no entry, where null is a value. */
  public static final Object NONE = new Object();

  private final CacheEntries entries;
  private final Tiers tiers;

  NearHits(CacheEntries entries, Tiers tiers) {
    this.entries = entries;
    this.tiers = tiers;
  }

  /** Returns the value of a key, counted as a hit; {@link #NONE} if somebody else is to look. */
  @Nullable Object find(Typing typing, Object key) {
    Policy policy = entries.policy();
    String fullKey = policy.enabled() ? entries.fullKeyOf(key, policy.version()) : null;
    NearEntry entry = fullKey == null ? null : tiers.near().get(fullKey);
    if (entry == null
        || !isItself(typing, entry)
        || !mayServe(entry.stamp())
        || !lives(policy, entry.life())) {
      return NONE;
    }
    entries.statistics().nearHit();
    return entry.value();
  }

  private static boolean isItself(Typing typing, NearEntry entry) {
    ValueType type = typing.toRead(entry.type().fingerprint());
    return type != null && type.shareable();
  }

  private boolean mayServe(Stamp stamp) {
    return !tiers.transactions().touches(stamp.tags())
        && !tiers.transactions().sessions().isBehind()
        && tiers.rule().provenAt(stamp) != ServingRule.NOT_PROVEN;
  }

  private boolean lives(Policy policy, Life life) {
    long now = tiers.nanoClock().getAsLong();
    return !Lifetimes.isOver(life, now)
        && !Lifetimes.isNearEnd(policy, life.expiresNanos() - now, life.costNanos())
        && !Lifetimes.isRenewable(policy, life, now);
  }
}
