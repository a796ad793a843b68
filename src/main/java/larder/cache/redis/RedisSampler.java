package larder.cache.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import larder.redis.RedisCalls;
import larder.redis.RepeatedTask;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.api.redisnode.RedisNodeAsync;
import org.redisson.api.redisnode.RedisNodes;
import org.springframework.context.SmartLifecycle;

/**
 * Asks Redis for its figures from time to time, in a thread of its own; whoever reads them gets the
 * last ones at once.
 *
 * <p>Commands: {@code INFO} of all masters, one {@code GET} to see how long an answer takes, and
 * those of {@link KeyScan}. Nothing is asked while Redis does not answer, and then there soon are
 * no figures. Thread-safe.
 */
public final class RedisSampler implements SmartLifecycle {

  /** Nobody waits for these answers: a late one is no reason to take Redis for lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** When nothing is known; long enough for an application to start. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final int ROUND_TRIPS = 6;

  private final RedisCalls calls;
  private final String probeKey;
  private final Duration interval;
  private final LongSupplier nanoClock;
  private final KeyScan scan;
  private final Deque<Long> roundTrips = new ArrayDeque<>(); // of the sampling thread
  private volatile @Nullable Sample last;
  private final RepeatedTask sampling =
      new RepeatedTask("larder-figures", this::sample, this::pause);

  private record Sample(RedisFigures figures, long nanos) {}

  /**
   * @param probeKey a key that is read to learn how long Redis takes to answer; need not be there
   * @param own whether a key is this application's
   * @param interval time between two samples
   * @param nanoClock the monotonic clock
   */
  public RedisSampler(
      RedisCalls calls,
      String probeKey,
      Predicate<String> own,
      Duration interval,
      LongSupplier nanoClock) {
    this.calls = calls;
    this.probeKey = probeKey;
    this.interval = interval;
    this.nanoClock = nanoClock;
    this.scan = new KeyScan(calls, probeKey, own, nanoClock);
  }

  /** Returns the last figures; empty if there are none, or they are older than three intervals. */
  public Optional<RedisFigures> figures() {
    Sample known = last;
    long oldest = interval.multipliedBy(3).plus(PATIENCE).toNanos();
    return known == null || nanoClock.getAsLong() - known.nanos() > oldest
        ? Optional.empty()
        : Optional.of(known.figures());
  }

  private void sample() {
    if (calls.isAvailable()) {
      take();
    }
  }

  private void take() {
    long began = nanoClock.getAsLong();
    List<ServerFigures> servers = new ArrayList<>();
    for (RedisNodeAsync master : masters(calls.redisson())) {
      Map<String, String> info = calls.await(() -> master.infoAsync(InfoSection.DEFAULT), PATIENCE);
      if (info == null) {
        return;
      }
      servers.add(ServerFigures.of(info));
    }
    measureRoundTrip();
    KeySample keys = scan.sample();
    if (!servers.isEmpty() && !roundTrips.isEmpty()) {
      last = new Sample(new RedisFigures(servers, keys, Collections.min(roundTrips)), began);
    }
  }

  private static Collection<? extends RedisNodeAsync> masters(RedissonClient redisson) {
    if (redisson.getConfig().isClusterConfig()) {
      return redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters();
    } else if (redisson.getConfig().isSentinelConfig()) {
      return List.of(redisson.getRedisNodes(RedisNodes.SENTINEL_MASTER_SLAVE).getMaster());
    }
    return List.of(redisson.getRedisNodes(RedisNodes.SINGLE).getInstance());
  }

  private void measureRoundTrip() {
    long began = nanoClock.getAsLong();
    calls.await(() -> calls.redisson().<byte[]>getBucket(calls.options(probeKey)).getAsync());
    if (calls.isAvailable()) {
      roundTrips.addLast(nanoClock.getAsLong() - began);
    }
    if (roundTrips.size() > ROUND_TRIPS) {
      roundTrips.removeFirst();
    }
  }

  /** What is not known yet, or not any more, is asked for sooner. */
  private Duration pause() {
    return figures().isPresent() || interval.compareTo(SOON) < 0 ? interval : SOON;
  }

  @Override
  public void start() {
    sampling.start();
  }

  @Override
  public void stop() {
    sampling.stop();
  }

  @Override
  public boolean isRunning() {
    return sampling.isRunning();
  }

  /** After the way to Redis is open. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 1;
  }
}
