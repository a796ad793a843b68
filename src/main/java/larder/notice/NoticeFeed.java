package larder.notice;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last notices in this process, in the order of the stream, and how far each subscription has
 * come. It does no I/O; one lock guards all of it, subscriptions included.
 *
 * <h2>No gap, no double</h2>
 *
 * Each notice names the one before it. A notice is taken over only behind its predecessor, wherever
 * it comes from: announced, or read from the stream. An announcement that does not fit makes the
 * node read, so one that was lost costs a read and never a notice. A notice that is already here is
 * passed over, so a read that overlaps announcements doubles nothing.
 *
 * <p>A subscription is a place in this list, not a queue: a slow one holds no memory, and joining
 * at a place is one step under the lock, with no moment between what was and what comes.
 *
 * <h2>Where a subscription begins</h2>
 *
 * Behind the id that it names, if that is here. If not, the node may only be behind what the
 * listener has seen on another node. So it waits for a read that began after it was asked for: by
 * then all is here that anybody had seen before. What is still unknown is gone.
 *
 * <h2>When history breaks</h2>
 *
 * Redis was restarted empty, a failover lost the end, or this node slept longer than notices are
 * kept. Then what was read does not follow what is here, or the stream ends elsewhere than here
 * though nothing was announced meanwhile. The list is emptied with a hole before it, and every
 * subscription before the hole hears a {@link Reset}. So does one that is overtaken by the end of
 * the list.
 */
final class NoticeFeed {

  private final NoticeCounts counts;
  private final @Nullable Notice[] kept;
  private final Set<NoticeSubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private NoticeId base = NoticeId.NONE; // the id before the first that is kept
  private NoticeId last = NoticeId.NONE; // the id of the last
  private long first; // the number of the first that is kept, in this process
  private long end; // the number of the next to come
  private boolean begun; // whether a read has said where the list begins
  private boolean known; // whether the list has once reached the end of the stream
  private long reads; // how many reads have begun

  /**
   * @param most how many notices are held
   */
  NoticeFeed(int most, NoticeCounts counts) {
    this.kept = new @Nullable Notice[most];
    this.counts = counts;
  }

  /**
   * A read of the stream that is about to begin.
   *
   * @param after where to read behind
   * @param number how many have begun, this one included
   */
  record Read(NoticeId after, long number) {}

  /** Takes note that a read begins. */
  synchronized Read begin() {
    reads++;
    return new Read(last, reads);
  }

  /** Takes over what was announced; false if the stream has to be read. */
  synchronized boolean announced(LinkedNotice heard) {
    if (known && heard.before().equals(last)) {
      counts.countAnnounced();
      append(heard.notice());
      return true;
    }
    return known && placeBehind(heard.id()) >= 0;
  }

  /**
   * Takes over what a read has found.
   *
   * @param read the read
   * @param since the first of the reads of which this is the last so far, one behind the other
   */
  synchronized void found(Read read, StreamPart part, Read since) {
    boolean undisturbed = read.after().equals(last);
    if (!begun) {
      begun = true;
      base = part.notices().isEmpty() ? part.last() : part.notices().get(0).before();
      last = base;
    }
    part.notices().forEach(this::follow);
    if (!part.more()) {
      if (undisturbed && !last.equals(part.last())) {
        breakAt(part.last());
      }
      known = true;
      place(since.number());
    }
  }

  private void follow(LinkedNotice next) {
    if (!next.before().equals(last)) {
      if (placeBehind(next.id()) >= 0) {
        return;
      }
      breakAt(next.before());
    }
    counts.countCaughtUp();
    append(next.notice());
  }

  private void append(Notice notice) {
    if (end - first == kept.length) {
      base = at(first).id();
      first++;
    }
    kept[index(end)] = notice;
    last = notice.id();
    end++;
    subscriptions.forEach(one -> one.appended(notice, end));
  }

  private void breakAt(NoticeId position) {
    end++;
    first = end;
    base = position;
    last = position;
    subscriptions.forEach(NoticeSubscription::wake);
  }

  /** Gives those a place who have waited for a read that began after they came. */
  private void place(long began) {
    for (NoticeSubscription one : subscriptions) {
      if (one.isWaitingSinceBefore(began)) {
        one.placeAt(place(one.after()));
        one.wake();
      }
    }
  }

  /** Returns the place behind an id, the end for none, or a place before all if it is not here. */
  private long place(@Nullable NoticeId after) {
    return after == null ? end : placeBehind(after);
  }

  /** Returns the number of the notice behind an id, or -1 if that id is not here. */
  private long placeBehind(NoticeId id) {
    if (id.equals(base)) {
      return first;
    }
    long low = first;
    long high = end - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      int order = at(middle).id().compareTo(id);
      if (order == 0) {
        return middle + 1;
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /**
   * Adds a subscription.
   *
   * @param after the last id that its listener knows; null for what comes from now on
   */
  synchronized NoticeSubscription subscribe(
      Set<String> topics, @Nullable NoticeId after, NoticeListener listener) {
    NoticeSubscription added = new NoticeSubscription(this, topics, after, listener, reads);
    if (known && (after == null || placeBehind(after) >= 0)) {
      added.placeAt(place(after));
    }
    subscriptions.add(added);
    return added;
  }

  /** Returns what a subscription has to hear next, and moves it behind that; null if nothing. */
  synchronized @Nullable NoticeEvent take(NoticeSubscription taker) {
    NoticeEvent event = next(taker);
    taker.setIdle(event == null);
    return event;
  }

  private @Nullable NoticeEvent next(NoticeSubscription taker) {
    if (taker.isWaiting() || !subscriptions.contains(taker)) {
      return null;
    }
    if (taker.next() < first) {
      counts.countReset();
      taker.placeAt(end);
      return new Reset(last);
    }
    for (long number = taker.next(); number < end; number++) {
      Notice notice = at(number);
      if (taker.wants(notice)) {
        counts.countDelivered();
        taker.placeAt(number + 1);
        return notice;
      }
    }
    taker.placeAt(end);
    return null;
  }

  /** Returns the position up to which a subscription has taken all that it wants. */
  synchronized Optional<NoticeId> position(NoticeSubscription taker) {
    long next = taker.next();
    if (taker.isWaiting() || next < first) {
      return Optional.empty();
    }
    return Optional.of(next == end ? last : next == first ? base : at(next - 1).id());
  }

  /** Returns the position of this node; empty until the stream was read once. */
  synchronized Optional<NoticeId> position() {
    return known ? Optional.of(last) : Optional.empty();
  }

  synchronized void remove(NoticeSubscription one) {
    subscriptions.remove(one);
  }

  private Notice at(long number) {
    return Objects.requireNonNull(kept[index(number)]);
  }

  private int index(long number) {
    return (int) (number % kept.length);
  }
}
