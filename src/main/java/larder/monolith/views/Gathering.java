package larder.monolith.views;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** What comes one by one and is handed on together, in order. Thread-safe. */
final class Gathering<T> {

  /** Most that are handed on at once. */
  static final int MOST_AT_ONCE = 500;

  private final Consumer<List<T>> next;
  private final BlockingQueue<T> waiting;

  /**
   * @param next takes some, at least one; what it throws is lost with them
   * @param most so many wait at most
   */
  Gathering(Consumer<List<T>> next, int most) {
    this.next = next;
    this.waiting = new LinkedBlockingQueue<>(most);
  }

  /** Has one wait; without room it is handed on at once, by this thread. */
  void add(T one) {
    if (!waiting.offer(one)) {
      next.accept(List.of(one));
    }
  }

  /** Hands on all that wait. */
  void handOn() {
    for (List<T> some = some(); !some.isEmpty(); some = some()) {
      next.accept(some);
    }
  }

  private List<T> some() {
    List<T> some = new ArrayList<>();
    waiting.drainTo(some, MOST_AT_ONCE);
    return some;
  }
}
