package larder.benchmarks.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One run of the generator: a thread that sends when it is time, and one that takes the answers.
 *
 * <p>A request that is due waits for a line if none is free, and its time counts from when it was
 * due: a node that stands still is not asked less often.
 */
final class Run {

  /** Of so many answers one is read. */
  private static final int SAMPLED = 32;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A node that was just started has to load classes. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long TICK_MILLIS = 5;

  private final Order order;
  private final Plan plan;
  private final BlockingQueue<Line> free = new LinkedBlockingQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile @Nullable Throwable failure;
  private volatile boolean again;
  private volatile boolean measuring;
  private volatile long startNanos;
  private volatile long endNanos;
  private volatile boolean ended;
  private int[] micros = new int[1 << 16];
  private int pages;
  private int answers;
  private int wrong;
  private String firstWrong = "";
  private int sampled;
  private int kept;
  private long lastNanos;

  Run(Order order, Plan plan) {
    this.order = order;
    this.plan = plan;
  }

  Measured measure() throws Exception {
    List<Line> lines = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < order.lines(); i++) {
        lines.add(Line.open(order.ports().get(i % order.ports().size()), selector));
      }
      Thread receiver = new Thread(() -> receive(selector), "receiver");
      receiver.start();
      try {
        greet(lines);
        begin();
        if (order.rate() > 0) {
          sendOnTime();
        } else {
          sendAgain();
        }
        awaitAnswers(PATIENCE_NANOS);
      } finally {
        ended = true;
        receiver.join();
        for (Line line : lines) {
          line.close();
        }
      }
    }
    double seconds = (Math.max(lastNanos, endNanos) - startNanos) / 1e9;
    int resent = lines.stream().mapToInt(Line::resent).sum();
    return new Measured(
        Arrays.copyOf(micros, pages),
        seconds,
        wrong,
        firstWrong,
        open.get(),
        resent,
        sampled,
        kept);
  }

  /** Has each connection asked once, which is not measured. */
  private void greet(List<Line> lines) throws IOException {
    for (Line line : lines) {
      open.incrementAndGet();
      line.send(plan.next(), System.nanoTime());
    }
    awaitAnswers(FIRST_NANOS);
    if (open.get() > 0) {
      throw new IllegalStateException("%d lines have no answer: %s".formatted(open.get(), order));
    }
  }

  private void begin() {
    startNanos = System.nanoTime();
    endNanos = startNanos + (long) (order.seconds() * 1e9);
    measuring = true;
  }

  private void sendOnTime() throws Exception {
    double gap = 1e9 / order.rate();
    long count = (long) (order.rate() * order.seconds());
    long latest = endNanos + (endNanos - startNanos) / 2;
    for (long i = 0; i < count; i++) {
      long due = startNanos + (long) (i * gap);
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      Line line = free.poll(latest - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        return; // far behind
      }
      open.incrementAndGet();
      line.send(plan.next(), due);
    }
  }

  private void sendAgain() throws IOException {
    again = true;
    for (Line line = free.poll(); line != null; line = free.poll()) {
      open.incrementAndGet();
      synchronized (plan) {
        line.send(plan.next(), System.nanoTime());
      }
    }
    while (System.nanoTime() - endNanos < 0 && failure == null) {
      LockSupport.parkNanos(endNanos - System.nanoTime());
    }
    again = false;
  }

  private void awaitAnswers(long patience) {
    long until = System.nanoTime() + patience;
    while (open.get() > 0 && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      Throwable failed = failure;
      if (failed != null) {
        throw new IllegalStateException("A node does not answer", failed);
      }
    }
  }

  private void receive(Selector selector) {
    try {
      while (!ended) {
        selector.select(this::take, TICK_MILLIS);
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void take(SelectionKey key) {
    try {
      Line line = (Line) key.attachment();
      if (line.read()) {
        long now = System.nanoTime();
        if (measuring) {
          note(line, now);
        }
        line.clear();
        goOn(line, now);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void goOn(Line line, long now) throws IOException {
    if (again) {
      synchronized (plan) {
        line.send(plan.next(), now);
      }
    } else {
      open.decrementAndGet();
      free.add(line);
    }
  }

  private void note(Line line, long now) {
    boolean closed = order.rate() == 0;
    if (closed && now - endNanos > 0) {
      return;
    }
    answers++;
    lastNanos = now;
    boolean right = line.isOk();
    if (right && answers % SAMPLED == 0) {
      Answer answer = line.answer();
      right = answer.body().contains(line.ask().expected());
      sampled++;
      kept += answer.isKept() ? 1 : 0;
    }
    if (!right) {
      if (wrong++ == 0) {
        Answer answer = line.answer();
        firstWrong = "expected " + line.ask().expected() + ", was " + answer.start();
      }
    } else if (line.ask().page()) {
      if (pages == micros.length) {
        micros = Arrays.copyOf(micros, pages * 2);
      }
      micros[pages++] = (int) ((now - line.dueNanos()) / 1_000);
    }
  }
}
