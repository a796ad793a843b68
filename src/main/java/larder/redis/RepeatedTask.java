package larder.redis;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that a daemon thread of its own repeats from start to stop, with a pause before each turn.
 *
 * <p>A turn that throws ends nothing. To be started and stopped by one thread at a time.
 */
public final class RepeatedTask {

  private static final Logger log = LoggerFactory.getLogger(RepeatedTask.class);

  private final String name;
  private final Runnable task;
  private final Supplier<Duration> pause;
  private volatile @Nullable ScheduledExecutorService thread;

  /**
   * @param name the name of the thread
   * @param pause gives the time before the next turn
   */
  public RepeatedTask(String name, Runnable task, Supplier<Duration> pause) {
    this.name = name;
    this.task = task;
    this.pause = pause;
  }

  /** Begins with a pause. */
  public void start() {
    ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(this::daemon);
    thread = started;
    next(started);
  }

  private Thread daemon(Runnable turns) {
    Thread daemon = new Thread(turns, name);
    daemon.setDaemon(true);
    return daemon;
  }

  private void next(ScheduledExecutorService in) {
    try {
      var unused =
          in.schedule(
              () -> {
                turn();
                next(in);
              },
              pause.get().toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException stopped) {
      log.debug("{} has stopped", name);
    }
  }

  private void turn() {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.debug("A turn of {} failed", name, e);
    }
  }

  /** Ends, and interrupts the turn under way. */
  public void stop() {
    ScheduledExecutorService stopped = thread;
    thread = null;
    if (stopped != null) {
      stopped.shutdownNow();
    }
  }

  /** Whether it was started and not stopped. */
  public boolean isRunning() {
    return thread != null;
  }
}
