package larder.locks;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ownership of a lock, which ends when it is closed, or when its lease cannot be prolonged.
 * Thread-safe.
 */
public final class Held implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Held.class);

  /** Of a lease: when it is prolonged, and when that is tried again if nobody answers. */
  private static final int RENEWED_AFTER = 3;

  private static final int TRIED_AFTER = 15;

  private final LockRequest request;
  private final String owner;
  private final Attempt.Taken taken;
  private final RedisLocks locks;
  private final LockFigures figures;
  private final LongSupplier nanoClock;
  private final long takenNanos;
  private volatile long endsNanos;
  private volatile boolean lost;
  private boolean closed; // guarded by this
  private @Nullable ScheduledFuture<?> renewal; // guarded by this

  Held(
      LockRequest request,
      String owner,
      Attempt.Taken taken,
      RedisLocks locks,
      LockFigures figures,
      LongSupplier nanoClock,
      long askedNanos) {
    this.request = request;
    this.owner = owner;
    this.taken = taken;
    this.locks = locks;
    this.figures = figures;
    this.nanoClock = nanoClock;
    this.takenNanos = nanoClock.getAsLong();
    this.endsNanos = askedNanos + request.lease().toNanos();
  }

  /** Returns the number of this ownership. */
  public FencingToken token() {
    return new FencingToken(request.fullName(), taken.number());
  }

  /**
   * Whether the lease has not run out, by this node's clock. Only a guess at what will be when it
   * is made use of: what is written should be guarded by the {@link #token()}.
   */
  public boolean isHeld() {
    return !lost && nanoClock.getAsLong() - endsNanos < 0;
  }

  void watch(ScheduledExecutorService thread) {
    if (request.renewed()) {
      schedule(thread, RENEWED_AFTER);
    }
  }

  private synchronized void schedule(ScheduledExecutorService thread, int part) {
    if (!closed && !lost && !thread.isShutdown()) {
      long delay = Math.max(1, request.lease().toMillis() / part);
      renewal = thread.schedule(() -> renew(thread), delay, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void renew(ScheduledExecutorService thread) {
    if (closed) {
      return;
    }
    long asked = nanoClock.getAsLong();
    boolean regain = isHeld();
    Boolean kept = locks.renew(request.fullName(), owner, request.lease(), taken, regain);
    if (Boolean.TRUE.equals(kept)) {
      endsNanos = asked + request.lease().toNanos();
    } else if (kept != null || !isHeld()) {
      lost(kept == null ? "Redis has not answered for a lease" : "its lease was over");
    }
    schedule(thread, kept == null ? TRIED_AFTER : RENEWED_AFTER);
  }

  private void lost(String why) {
    lost = true;
    figures.lost();
    log.warn(
        "Lock '{}' is lost while its owner runs ({}): another may run too, and what checks the"
            + " fencing number refuses the older one",
        request.fullName(),
        why);
  }

  /** Gives the lock back. Never throws; does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (renewal != null) {
      renewal.cancel(false);
    }
    Boolean released = locks.release(request.fullName(), owner, request.atLeast());
    if (Boolean.FALSE.equals(released) && !lost) {
      lost("its lease was over");
    }
    figures.ended(
        taken.since(), taken.number(), Duration.ofNanos(nanoClock.getAsLong() - takenNanos));
  }
}
