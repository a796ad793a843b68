package larder.cache.log.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import larder.cache.log.Appended;
import larder.cache.log.LogRecord;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * Appends that are under way at the same time, carried together.
 *
 * <p>What is sent in one step is a <em>flight</em>, flown by the thread of one of those in it. An
 * append takes off at once if no flight is under way. Otherwise it waits, and when that lands the
 * first of those that wait flies the next, with the others that have seen the same history. So a
 * lone append is sent as if nothing of this were here, and how fast Redis answers decides how many
 * share a flight.
 *
 * <p>All of a flight stand in the log in the order of the list, with nothing between them: as if
 * each had been appended alone. A flight that fails, fails for each of its appends. Who waits is
 * not interrupted, since he may have to fly others; the wait ends with the flight before, which has
 * a deadline. Thread-safe.
 */
final class JoinedAppends {

  /** The most appends of one flight. */
  static final int MOST_TOGETHER = 64;

  private final Carrier carrier;
  private final Deque<Append> waiting = new ArrayDeque<>();
  private boolean flying;

  /** Appends records as one step. */
  interface Carrier {

    /**
     * Appends records in this order, and returns the answer for each; throws if there is none.
     *
     * @param appends of callers who have seen the same epoch, at least one
     */
    List<Appended> carry(List<Append> appends);
  }

  JoinedAppends(Carrier carrier) {
    this.carrier = carrier;
  }

  /** One append, for one caller. */
  static final class Append {

    private final Position seen;
    private final LogRecord record;
    private final CompletableFuture<Boolean> leads = new CompletableFuture<>();
    private @Nullable Appended answer; // written before leads is completed, as is the next
    private @Nullable RuntimeException failure;

    private Append(Position seen, LogRecord record) {
      this.seen = seen;
      this.record = record;
    }

    Position seen() {
      return seen;
    }

    LogRecord record() {
      return record;
    }

    private Appended result() {
      if (answer == null) {
        throw new NoAnswerException(failure);
      }
      return answer;
    }
  }

  /** Appends a record; throws if there was no answer. */
  Appended append(Position seen, LogRecord record) {
    Append mine = new Append(seen, record);
    if (takesOff(mine) || mine.leads.join()) {
      fly(mine);
    }
    return mine.result();
  }

  private synchronized boolean takesOff(Append mine) {
    boolean free = !flying;
    if (free) {
      flying = true;
    } else {
      waiting.add(mine);
    }
    return free;
  }

  private void fly(Append leader) {
    List<Append> together = board(leader);
    boolean interrupted = Thread.interrupted();
    try {
      List<Appended> answers = carrier.carry(together);
      for (int i = 0; i < answers.size(); i++) {
        together.get(i).answer = answers.get(i);
      }
    } catch (RuntimeException e) {
      together.forEach(append -> append.failure = e);
    } finally {
      landed();
      together.forEach(append -> append.leads.complete(false));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized List<Append> board(Append leader) {
    List<Append> together = new ArrayList<>();
    together.add(leader);
    Iterator<Append> others = waiting.iterator();
    while (others.hasNext() && together.size() < MOST_TOGETHER) {
      Append other = others.next();
      if (other.seen.epoch() == leader.seen.epoch()) {
        together.add(other);
        others.remove();
      }
    }
    return together;
  }

  private void landed() {
    Append next = next();
    if (next != null) {
      next.leads.complete(true);
    }
  }

  private synchronized @Nullable Append next() {
    Append next = waiting.poll();
    flying = next != null;
    return next;
  }
}
