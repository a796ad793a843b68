package larder.cache.remote;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.cache.remote.MissedRemovals.Missed;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysOptions;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.api.options.PlainOptions;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoReplicasException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The entries in Redis, one string each, through commands that wait at most a deadline and are
 * never retried.
 *
 * <p>Nothing here throws for Redis's sake: without an answer a reading finds nothing and a writing
 * is dropped. A removal that got no answer, or was refused, is made good before entries are used
 * again, so that an entry which outlived an outage does not undo a write of this process.
 *
 * <p>Commands: {@code GET}, {@code SET PX}, {@code SET NX PX}, {@code UNLINK}; {@code SCAN} and
 * {@code UNLINK} for all keys with one beginning. Each touches one key, so a cluster will do.
 */
public final class RemoteStore implements SmartLifecycle, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RemoteStore.class);

  /** After this time Redisson itself gives a command up; callers have left long before. */
  private static final Duration GIVEN_UP = Duration.ofSeconds(1);

  private static final int SCAN_BATCH = 500;

  private final RedissonClient redisson;
  private final String probeKey;
  private final Duration deadline;
  private final Duration connectWait;
  private final Breaker breaker;
  private final MissedRemovals missed;
  private volatile boolean running;

  /**
   * @param redisson the client; need not be connected
   * @param everything beginning of all keys of the application
   * @param deadline longest wait for an answer
   * @param probeInterval time between two probes while Redis does not answer
   * @param connectWait longest wait for the first answer, at {@link #start}
   */
  public RemoteStore(
      RedissonClient redisson,
      String everything,
      Duration deadline,
      Duration probeInterval,
      Duration connectWait) {
    this.redisson = redisson;
    this.probeKey = everything + "probe";
    this.deadline = deadline;
    this.connectWait = connectWait;
    this.missed = new MissedRemovals(everything);
    this.breaker =
        new Breaker(
            this::probe,
            probeInterval,
            Executors.newSingleThreadScheduledExecutor(
                task -> {
                  Thread thread = new Thread(task, "larder-probe");
                  thread.setDaemon(true);
                  return thread;
                }));
  }

  /** Whether Redis answers, as far as is known. */
  public boolean isAvailable() {
    return breaker.isClosed();
  }

  /** Returns the bytes under a key; null if there are none or Redis did not answer. */
  public byte @Nullable [] get(String key) {
    return breaker.isClosed() ? await(() -> bucket(key).getAsync(), null) : null;
  }

  /**
   * Stores bytes under a key, and tells whether Redis said so.
   *
   * @param ttl time to live, positive
   */
  public boolean set(String key, byte[] bytes, Duration ttl) {
    return breaker.isClosed()
        && Boolean.TRUE.equals(
            await(() -> bucket(key).setAsync(bytes, ttl).thenApply(done -> true), false));
  }

  /** Stores bytes under a key that has none, and tells whether it did. */
  public boolean setIfAbsent(String key, byte[] bytes, Duration ttl) {
    return breaker.isClosed()
        && Boolean.TRUE.equals(await(() -> bucket(key).setIfAbsentAsync(bytes, ttl), false));
  }

  /** Removes a key, and tells whether it is known to have been there. */
  public boolean remove(String key) {
    Boolean removed = breaker.isClosed() ? await(() -> bucket(key).unlinkAsync(), null) : null;
    if (removed == null) {
      missed.addKey(key);
      breaker.failed("a removal was not confirmed");
    }
    return Boolean.TRUE.equals(removed);
  }

  /**
   * Removes all keys that begin so, and tells whether any is known to have been there.
   *
   * <p>Takes a walk over the key space, in the caller's thread.
   */
  public boolean removeAll(String prefix) {
    if (breaker.isClosed()) {
      try {
        return unlinkAll(prefix, deadline) > 0;
      } catch (RuntimeException e) {
        log.debug("Keys that begin with {} could not be removed", prefix, e);
      }
    }
    missed.addPrefix(prefix);
    breaker.failed("a removal was not confirmed");
    return false;
  }

  private long unlinkAll(String prefix, Duration timeout) {
    var keys = redisson.getKeys(KeysOptions.defaults().timeout(timeout).retryAttempts(0));
    var scan = KeysScanOptions.defaults().pattern(glob(prefix)).chunkSize(SCAN_BATCH);
    long count = 0;
    try (Stream<String> found = keys.getKeysStream(scan)) {
      for (String key : (Iterable<String>) found::iterator) {
        count += keys.unlink(key);
      }
    }
    return count;
  }

  private static String glob(String prefix) {
    return prefix.replaceAll("([\\\\*?\\[\\]])", "\\\\$1") + "*";
  }

  private void probe() {
    bucket(probeKey).get();
    Missed due = missed.take();
    try {
      due.keys().forEach(key -> bucket(key).unlink());
      due.prefixes().forEach(prefix -> unlinkAll(prefix, GIVEN_UP));
      if (!due.isEmpty()) {
        log.info("Removed what changed while Redis was away: {} keys", due.keys().size());
      }
    } catch (RuntimeException e) {
      missed.putBack(due);
      throw e;
    }
  }

  private RBucket<byte[]> bucket(String key) {
    return redisson.getBucket(
        PlainOptions.name(key).codec(ByteArrayCodec.INSTANCE).timeout(GIVEN_UP).retryAttempts(0));
  }

  private <T> @Nullable T await(
      Supplier<? extends java.util.concurrent.CompletionStage<T>> command, @Nullable T otherwise) {
    try {
      return command.get().toCompletableFuture().get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException | RuntimeException e) {
      failed(e);
    }
    return otherwise;
  }

  /** Opens the breaker, unless Redis did answer and only refused. */
  private void failed(Throwable failure) {
    Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      breaker.failed("no answer within " + deadline.toMillis() + " ms");
    } else if (cause != null && isRefusal(cause)) {
      log.debug("Redis refused a command: {}", cause.getMessage());
    } else {
      breaker.failed(String.valueOf(cause));
    }
  }

  private static boolean isRefusal(Throwable cause) {
    return cause.getClass() == RedisException.class
        || cause instanceof RedisOutOfMemoryException
        || cause instanceof RedisReadonlyException
        || cause instanceof RedisNoReplicasException;
  }

  @Override
  public void start() {
    running = true;
    breaker.start(connectWait);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before everything that may serve calls. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void close() {
    breaker.close();
  }
}
