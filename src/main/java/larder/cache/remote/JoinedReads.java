package larder.cache.remote;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of single keys that are on their way at the same time, sent together.
 *
 * <p>What is sent in one step is a <em>flight</em>. A read takes off at once, in the thread of its
 * caller, if the latest flight has landed (was answered in full, or failed) or took off a patience
 * ago. Otherwise it waits among others, in a stack without a lock, and all that wait take off
 * together: when the latest flight lands, in the thread that brings the answer; or with the next
 * caller who comes after the patience; or when the first of those that wait has waited for the
 * patience, in its thread. So a lone read is sent as if nothing of this were here, many readers
 * share a flight, and how fast Redis answers decides how many.
 *
 * <p><em>No read is forgotten.</em> Who has put a read in the stack looks at the latest flight
 * afterwards, and a flight that lands is marked before the stack is looked at: one of the two sees
 * the other. If two want to take off, one replaces the latest flight, and the landing of that one
 * looks at the stack again. Should it never land, the first of those that wait is awake in time.
 *
 * <p><em>A flight that fails or hangs hurts those in it only.</em> It fails for each of its reads;
 * those behind it wait for it no longer than the patience. Only the latest flight holds anybody
 * back, so an older one that still hangs counts no more.
 *
 * <p>Nobody is interrupted here, and who stops waiting leaves a read whose answer nobody takes.
 * Values that are large delay what comes behind them in the same flight, so a flight has a limit;
 * more reads make several flights at the same time. Thread-safe.
 */
final class JoinedReads {

  /** The most reads of one flight. */
  static final int MOST_TOGETHER = 64;

  private final Transport transport;
  private final long patienceNanos;
  private final LongSupplier nanoClock;
  private final AtomicReference<@Nullable Read> waiting = new AtomicReference<>();
  private final AtomicReference<Flight> latest = new AtomicReference<>(Flight.none());

  /** Sends the reads of a flight. */
  interface Transport {

    /**
     * Sends reads without waiting, and completes each when its answer comes or the sending failed.
     *
     * @param reads in the order in which they came, at least one
     * @param landed to be run once, when all of them were completed
     */
    void send(List<Read> reads, Runnable landed);
  }

  /**
   * @param patienceNanos longest time for which a read waits for company
   * @param nanoClock the monotonic clock
   */
  JoinedReads(Transport transport, long patienceNanos, LongSupplier nanoClock) {
    this.transport = transport;
    this.patienceNanos = patienceNanos;
    this.nanoClock = nanoClock;
  }

  /** Begins to read a key; the caller has to wait for the answer by a {@code get} with a limit. */
  Read read(String key) {
    Read read = new Read(this, key);
    Flight own = waiting.get() == null ? takeOff() : null;
    if (own != null) {
      send(own, List.of(read));
      return read;
    }
    enqueue(read);
    sendWaiting();
    return read;
  }

  private void enqueue(Read read) {
    Read before;
    do {
      before = waiting.get();
      read.before = before;
    } while (!waiting.compareAndSet(before, read));
  }

  /** Returns a new flight, now the latest; null if the latest still holds others back. */
  private @Nullable Flight takeOff() {
    Flight last = Objects.requireNonNull(latest.get());
    long now = nanoClock.getAsLong();
    if (!last.landed && now - last.tookOffNanos < patienceNanos) {
      return null;
    }
    Flight next = new Flight(now);
    return latest.compareAndSet(last, next) ? next : null;
  }

  private void sendWaiting() {
    while (waiting.get() != null) {
      Flight flight = takeOff();
      if (flight == null) {
        return;
      }
      sendWaiting(flight);
    }
  }

  private void sendWaitingRegardless() {
    Flight flight = new Flight(nanoClock.getAsLong());
    latest.set(flight);
    sendWaiting(flight);
  }

  private void sendWaiting(Flight flight) {
    List<Read> reads = new ArrayList<>();
    for (Read read = waiting.getAndSet(null); read != null; read = read.before) {
      reads.add(read);
    }
    Collections.reverse(reads);
    for (int from = 0; from < reads.size(); from += MOST_TOGETHER) {
      send(flight, reads.subList(from, Math.min(from + MOST_TOGETHER, reads.size())));
    }
    if (reads.isEmpty()) {
      landed(flight);
    }
  }

  private void send(Flight flight, List<Read> reads) {
    reads.forEach(Read::isSent);
    try {
      transport.send(reads, () -> landed(flight));
    } catch (RuntimeException e) {
      reads.forEach(read -> read.completeExceptionally(e));
      landed(flight);
    }
  }

  private void landed(Flight flight) {
    flight.landed = true;
    sendWaiting();
  }

  /** A flight under way, or landed. */
  private static final class Flight {

    private final long tookOffNanos;
    private volatile boolean landed;

    Flight(long tookOffNanos) {
      this.tookOffNanos = tookOffNanos;
    }

    static Flight none() {
      Flight none = new Flight(0);
      none.landed = true;
      return none;
    }
  }

  /** A read of one key, for one caller: its bytes, or null. */
  static final class Read extends CompletableFuture<byte @Nullable []> {

    private final JoinedReads reads;
    private final String key;
    private @Nullable Read before; // written before it is published in the stack
    private volatile boolean sent;

    private Read(JoinedReads reads, String key) {
      this.reads = reads;
      this.key = key;
    }

    String key() {
      return key;
    }

    private void isSent() {
      sent = true;
    }

    /** Waits for the answer; the first of those that wait to be sent sees to it that they are. */
    @Override
    public byte @Nullable [] get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      if (sent || before != null) {
        return super.get(timeout, unit);
      }
      long nanos = unit.toNanos(timeout);
      long company = Math.min(nanos, reads.patienceNanos);
      try {
        return super.get(company, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        seeToSending();
        return super.get(nanos - company, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        seeToSending();
        throw e;
      }
    }

    private void seeToSending() {
      if (!sent) {
        reads.sendWaitingRegardless();
      }
    }
  }
}
