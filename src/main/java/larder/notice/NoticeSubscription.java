package larder.notice;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener's place among the notices of this node. Whoever holds it takes one event after the
 * other, at its own pace; a place holds no notices and costs a few bytes however far it is behind.
 *
 * <p>May be used by any thread, and taken from by one at a time if order matters.
 */
public final class NoticeSubscription implements AutoCloseable {

  private static final long WAITING = Long.MIN_VALUE;

  private final NoticeFeed feed;
  private final @Nullable NoticeId after;
  private final NoticeListener listener;
  private final long asked; // how many reads had begun
  private volatile Set<String> topics;
  private long next = WAITING; // guarded by the feed
  private boolean idle; // guarded by the feed

  NoticeSubscription(
      NoticeFeed feed,
      Set<String> topics,
      @Nullable NoticeId after,
      NoticeListener listener,
      long asked) {
    this.feed = feed;
    this.topics = Set.copyOf(topics);
    this.after = after;
    this.listener = listener;
    this.asked = asked;
  }

  /** Returns what comes next, once; null if there is nothing now. */
  public @Nullable NoticeEvent take() {
    return feed.take(this);
  }

  /**
   * Changes the topics, for all that was not taken yet. That includes what has come since the last
   * {@link #take}, or since the beginning.
   *
   * @param others all topics from now on
   */
  public void listenTo(Set<String> others) {
    topics = Set.copyOf(others);
  }

  /**
   * Returns the position to go on from, on any node; empty while the place is not known yet, or a
   * reset is to be taken.
   */
  public Optional<NoticeId> position() {
    return feed.position(this);
  }

  /** Ends it: nothing more is taken. The listener may be called once more. */
  @Override
  public void close() {
    feed.remove(this);
  }

  boolean wants(Notice notice) {
    return topics.contains(notice.topic());
  }

  @Nullable NoticeId after() {
    return after;
  }

  /** Whether its place is not known yet. */
  boolean isWaiting() {
    return next == WAITING;
  }

  boolean isWaitingSinceBefore(long read) {
    return isWaiting() && asked < read;
  }

  long next() {
    return next;
  }

  void placeAt(long number) {
    next = number;
  }

  /** Takes note of whether it has asked for more and found nothing. */
  void setIdle(boolean idle) {
    this.idle = idle;
  }

  /**
   * Passes over what it does not want if it is idle and has taken all before, and wakes up for the
   * rest. One that is not may be about to change its topics because of what it took last.
   */
  void appended(Notice notice, long end) {
    if (wants(notice)) {
      wake();
    } else if (idle && next == end - 1) {
      next = end;
    }
  }

  void wake() {
    listener.available();
  }
}
