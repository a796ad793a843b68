package larder.cache.manager;

import java.time.Clock;
import java.util.function.LongSupplier;
import larder.cache.load.Loads;
import larder.cache.log.TagNames;
import larder.cache.log.node.ServingRule;
import larder.cache.near.NearCache;
import larder.cache.remote.RemoteStore;
import larder.cache.statistics.Statistics;
import larder.cache.transaction.CacheTransactions;
import larder.cache.value.ValueCodec;

/**
 * What all caches of a process share.
 *
 * @param near the entries in this process
 * @param remote the entries in Redis
 * @param codec values as bytes and back
 * @param rule whether an entry may be served
 * @param transactions who hears of a change, and when
 * @param loads what brings missing values
 * @param statistics what happens, counted by cache
 * @param names takes the tags of what is loaded and changed, for people who look
 * @param nanoClock the monotonic clock
 * @param clock the wall clock, for times to live only
 */
public record Tiers(
    NearCache near,
    RemoteStore remote,
    ValueCodec codec,
    ServingRule rule,
    CacheTransactions transactions,
    Loads loads,
    Statistics statistics,
    TagNames names,
    LongSupplier nanoClock,
    Clock clock) {}
