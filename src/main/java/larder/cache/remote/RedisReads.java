package larder.cache.remote;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import larder.cache.remote.JoinedReads.Read;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RBuckets;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Reads of single keys in Redis: {@link JoinedReads} for each master, so that neither the silence
 * nor the failure of one of a cluster concerns reads of another.
 *
 * <p>A read that flies alone is a {@code GET}; several are one {@code MGET}, in which a key that
 * several want stands once. Where keys have slots, and after Redis has refused the {@code MGET},
 * they are as many {@code GET}s in one packet on one connection, each answered on its own: what is
 * refused for one key is refused for that key only.
 */
final class RedisReads implements JoinedReads.Transport {

  /** Longest wait for company; Redis in the same data centre has answered by then. */
  private static final Duration PATIENCE = Duration.ofNanos(300_000);

  private static final int MOST_LANES = 1_000;

  private final RedisCalls calls;
  private final Duration patience;
  private final RBuckets buckets;
  private final BatchOptions options;
  private final @Nullable CommandAsyncExecutor cluster;
  private final JoinedReads anywhere;
  private final Map<MasterSlaveEntry, JoinedReads> lanes = new ConcurrentHashMap<>();
  private final LongAdder flights = new LongAdder();
  private final LongAdder company = new LongAdder(); // reads but the first of each flight

  RedisReads(RedisCalls calls) {
    this(calls, PATIENCE);
  }

  RedisReads(RedisCalls calls, Duration patience) {
    this.calls = calls;
    this.patience = patience;
    this.anywhere = lane();
    this.buckets = calls.redisson().getBuckets(calls.options());
    this.options =
        BatchOptions.defaults()
            .responseTimeout(RedisCalls.GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)
            .retryAttempts(0);
    this.cluster = cluster(calls.redisson());
  }

  private static @Nullable CommandAsyncExecutor cluster(RedissonClient client) {
    return client instanceof Redisson own && own.getConfig().isClusterConfig()
        ? own.getCommandExecutor()
        : null;
  }

  private JoinedReads lane() {
    return new JoinedReads(this, patience.toNanos(), System::nanoTime);
  }

  /** Begins to read a key. */
  Read read(String key) {
    return lane(key).read(key);
  }

  private JoinedReads lane(String key) {
    if (cluster == null) {
      return anywhere;
    }
    MasterSlaveEntry master = master(cluster, key);
    if (master == null) {
      return anywhere;
    }
    JoinedReads lane = lanes.get(master);
    return lane == null ? newLane(master) : lane;
  }

  private JoinedReads newLane(MasterSlaveEntry master) {
    if (lanes.size() >= MOST_LANES) {
      lanes.clear(); // of masters that are gone
    }
    return lanes.computeIfAbsent(master, any -> lane());
  }

  private static @Nullable MasterSlaveEntry master(CommandAsyncExecutor cluster, String key) {
    ConnectionManager connections = cluster.getConnectionManager();
    String name = cluster.getServiceManager().getNameMapper().map(key);
    return connections.getWriteEntry(connections.calcSlot(name));
  }

  /** Returns how many times reads were sent. */
  long flights() {
    return flights.sum();
  }

  /** Returns how many reads were sent in these. */
  long sent() {
    return flights.sum() + company.sum();
  }

  @Override
  public void send(List<Read> reads, Runnable landed) {
    flights.increment();
    if (reads.size() == 1) {
      sendAlone(reads.get(0), landed);
      return;
    }
    company.add(reads.size() - 1L);
    if (cluster == null) {
      sendTogether(reads, landed);
    } else {
      sendEach(reads, landed);
    }
  }

  private void sendAlone(Read read, Runnable landed) {
    calls
        .redisson()
        .<byte[]>getBucket(calls.options(read.key()))
        .getAsync()
        .whenComplete(
            (bytes, failure) -> {
              complete(read, bytes, failure);
              landed.run();
            });
  }

  private void sendTogether(List<Read> reads, Runnable landed) {
    buckets
        .<byte[]>getAsync(reads.stream().map(Read::key).distinct().toArray(String[]::new))
        .whenComplete(
            (found, failure) -> {
              if (failure != null && RedisCalls.isRefusal(failure)) {
                sendEach(reads, landed);
                return;
              }
              for (Read read : reads) {
                complete(read, found == null ? null : found.get(read.key()), failure);
              }
              landed.run();
            });
  }

  /** What the client leaves without an answer, as after some refusals, ends with the batch. */
  private void sendEach(List<Read> reads, Runnable landed) {
    RBatch batch = calls.redisson().createBatch(options);
    for (Read read : reads) {
      batch
          .<byte[]>getBucket(read.key(), ByteArrayCodec.INSTANCE)
          .getAsync()
          .whenComplete((bytes, failure) -> complete(read, bytes, failure));
    }
    batch
        .executeAsync()
        .whenComplete(
            (done, failure) -> {
              reads.forEach(read -> complete(read, null, failure));
              landed.run();
            });
  }

  private static void complete(
      CompletableFuture<byte @Nullable []> read,
      byte @Nullable [] bytes,
      @Nullable Throwable failure) {
    if (failure == null) {
      read.complete(bytes);
    } else {
      read.completeExceptionally(failure);
    }
  }
}
