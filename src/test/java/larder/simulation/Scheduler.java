package larder.simulation;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time: events run one after another in the order of their instants, and everything that is
 * left to chance comes from one seed.
 */
final class Scheduler {

  static final long MILLI = 1_000_000;

  private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {

    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final SplittableRandom random;
  private final boolean tracing;
  private long now;
  private long sequence;
  private boolean nested;
  private boolean stopped;

  Scheduler(long seed, boolean tracing) {
    this.random = new SplittableRandom(seed);
    this.tracing = tracing;
  }

  long now() {
    return now;
  }

  void after(long delay, Runnable action) {
    events.add(new Event(now + delay, sequence++, action));
  }

  void run(long until) {
    while (!stopped && !events.isEmpty() && events.peek().at <= until) {
      Event event = events.remove();
      now = Math.max(now, event.at);
      event.action.run();
    }
    now = Math.max(now, until);
  }

  void stop() {
    stopped = true;
  }

  /** Lets the world go on for a while in the middle of an event, as another thread would. */
  void preempt(long duration) {
    if (!nested) {
      nested = true;
      run(now + duration);
      nested = false;
    }
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A duration between two numbers of milliseconds. */
  long between(double fromMillis, double toMillis) {
    return (long) ((fromMillis + (toMillis - fromMillis) * random.nextDouble()) * MILLI);
  }

  /** How long a message or a statement takes: mostly short, seldom longer than the bound. */
  long latency() {
    double kind = random.nextDouble();
    if (kind < 0.8) {
      return between(0.05, 1);
    }
    return kind < 0.96 ? between(1, 10) : between(10, 150);
  }

  boolean tracing() {
    return tracing;
  }

  @SuppressWarnings("SystemOut")
  void trace(String line) {
    System.out.printf("%9.3f %s%n", (double) now / MILLI, line);
  }
}
