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
    NearEntry entry = policy.enabled() ? entries.near(key, policy.version()) : null;
    if (entry == null || !isItself(typing, entry) || !mayServe(policy, entry)) {
      return NONE;
    }
    entries.statistics().nearHit();
    return entry.value();
  }

  private static boolean isItself(Typing typing, NearEntry entry) {
    ValueType type = typing.toRead(entry.type().fingerprint());
    return type != null && type.shareable();
  }

  private boolean mayServe(Policy policy, NearEntry entry) {
    Stamp stamp = entry.stamp();
    if (tiers.transactions().touches(stamp.tags()) || tiers.transactions().sessions().isBehind()) {
      return false;
    }
    long proven = tiers.rule().provenAt(stamp);
    return proven != ServingRule.NOT_PROVEN && lives(policy, entry.life(), proven);
  }

  /** Looks at the clock only if the entry does not live as long as what was proven holds. */
  private boolean lives(Policy policy, Life life, long proven) {
    return livesAt(policy, life, tiers.rule().latest(proven))
        || livesAt(policy, life, tiers.nanoClock().getAsLong());
  }

  private static boolean livesAt(Policy policy, Life life, long now) {
    return !Lifetimes.isOver(life, now)
        && !Lifetimes.isNearEnd(policy, life.expiresNanos() - now, life.costNanos())
        && !Lifetimes.isRenewable(policy, life, now);
  }
}
