package larder.writebehind;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A buffer at work in this node: those who write append to it, and a thread of its own reads it.
 */
final class RunningBuffer {

  private static final Logger log = LoggerFactory.getLogger(RunningBuffer.class);

  private final Declaration declaration;
  private final Buffer buffer;
  private final BufferReader reader;
  private final Sink sink;
  private final Counts counts;
  private final WriteBehindProperties settings;
  private final LongSupplier nanos;
  private volatile @Nullable ScheduledExecutorService thread;

  RunningBuffer(
      Declaration declaration,
      Buffer buffer,
      BufferReader reader,
      Sink sink,
      Counts counts,
      WriteBehindProperties settings,
      LongSupplier nanos) {
    this.declaration = declaration;
    this.buffer = buffer;
    this.reader = reader;
    this.sink = sink;
    this.counts = counts;
    this.settings = settings;
    this.nanos = nanos;
  }

  void start() {
    ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(this::daemon);
    thread = started;
    long pause = settings.interval().toNanos();
    var unused = started.scheduleWithFixedDelay(this::turn, pause, pause, TimeUnit.NANOSECONDS);
  }

  private Thread daemon(Runnable turns) {
    Thread daemon = new Thread(turns, "larder-behind-" + declaration.name());
    daemon.setDaemon(true);
    return daemon;
  }

  private boolean turn() {
    try {
      return reader.turn();
    } catch (RuntimeException | Error e) {
      log.warn("{}: a turn has failed", declaration.name(), e);
      return false;
    }
  }

  /** Finishes the batch under way, then writes what waits, for as long as the settings allow. */
  void stop() {
    ScheduledExecutorService stopped = thread;
    thread = null;
    if (stopped != null) {
      stop(stopped);
    }
  }

  private void stop(ScheduledExecutorService stopped) {
    long began = nanos.getAsLong();
    stopped.shutdown();
    try {
      boolean ended = stopped.awaitTermination(left(began), TimeUnit.NANOSECONDS);
      boolean empty = false;
      while (ended && !empty && left(began) > 0) {
        empty = turn();
        if (!empty) {
          TimeUnit.MILLISECONDS.sleep(Math.min(20, settings.interval().toMillis()));
        }
      }
      if (!empty) {
        log.info("{}: what still waits is left to other nodes", declaration.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopped.shutdownNow();
  }

  private long left(long began) {
    return settings.drain().toNanos() - (nanos.getAsLong() - began);
  }

  Declaration declaration() {
    return declaration;
  }

  Buffer buffer() {
    return buffer;
  }

  Sink sink() {
    return sink;
  }

  Counts counts() {
    return counts;
  }

  BufferReport report() {
    List<Taken> seen = reader.seen().stream().filter(Objects::nonNull).toList();
    return new BufferReport(
        declaration.name(),
        seen.size() == Partition.COUNT,
        seen.stream().mapToLong(Taken::length).sum(),
        settings.maxLength(),
        seen.stream().map(Taken::oldest).max(Duration::compareTo).orElse(Duration.ZERO),
        counts.rate.perSecond(),
        counts.of(AppendOutcome.APPENDED).sum(),
        counts.of(AppendOutcome.FULL).sum()
            + counts.of(AppendOutcome.AWAY).sum()
            + counts.of(AppendOutcome.REFUSED).sum(),
        counts.of(AppendOutcome.UNKNOWN).sum(),
        counts.dropped.sum(),
        counts.writtenThrough.sum(),
        counts.applied.sum(),
        counts.repeated.sum(),
        counts.retries.sum(),
        counts.buried.sum(),
        (int) seen.stream().filter(one -> one.attempts() > 0).count(),
        seen.stream().map(Taken::holder).toList());
  }
}
