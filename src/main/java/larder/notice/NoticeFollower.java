package larder.notice;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopic;
import org.redisson.api.listener.StatusListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's {@link NoticeFeed} up with the stream: by one subscription to the channel, and
 * by a read of the stream whenever an announcement does not fit, the channel was subscribed to
 * anew, somebody waits for a place, or a while has passed.
 *
 * <p>Publish/subscribe is for speed only. A subscription that has died without a word shows in two
 * turns that find notices nobody announced, and is then made anew.
 */
final class NoticeFollower implements AutoCloseable, StatusListener {

  private static final Logger log = LoggerFactory.getLogger(NoticeFollower.class);

  private static final int READ_AT_ONCE = 500;
  private static final int TOO_MANY_UNANNOUNCED = 2;

  private final RedisNotices redis;
  private final NoticeFeed feed;
  private final NoticeCounts counts;
  private final Duration interval;
  private final AtomicBoolean toRead = new AtomicBoolean();
  private final AtomicBoolean listening = new AtomicBoolean();
  private final AtomicInteger heard = new AtomicInteger();
  private @Nullable ScheduledExecutorService thread; // guarded by this
  private boolean closed; // guarded by this
  private int unannounced; // of the thread
  private volatile List<Integer> listeners = List.of();

  NoticeFollower(RedisNotices redis, NoticeFeed feed, NoticeCounts counts, Duration interval) {
    this.redis = redis;
    this.feed = feed;
    this.counts = counts;
    this.interval = interval;
  }

  /** Begins to follow, unless it does or is closed. */
  synchronized void start() {
    if (thread == null && !closed) {
      ScheduledExecutorService started =
          Executors.newSingleThreadScheduledExecutor(NoticeFollower::daemon);
      var unused =
          started.scheduleWithFixedDelay(this::turn, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
      thread = started;
    }
  }

  private static Thread daemon(Runnable turns) {
    Thread daemon = new Thread(turns, "larder-notices");
    daemon.setDaemon(true);
    return daemon;
  }

  /** Has the stream read soon; many calls cause one read. */
  synchronized void readSoon() {
    if (thread != null && toRead.compareAndSet(false, true)) {
      try {
        thread.execute(this::read);
      } catch (RejectedExecutionException closing) {
        log.debug("Notices are no longer followed");
      }
    }
  }

  /** Whether announcements are heard, as far as is known. */
  boolean isListening() {
    return !listeners.isEmpty();
  }

  private void turn() {
    try {
      long before = counts.caughtUp();
      int announcements = heard.getAndSet(0);
      listen();
      read();
      boolean silent = announcements == 0 && counts.caughtUp() > before;
      unannounced = silent ? unannounced + 1 : 0;
      if (unannounced >= TOO_MANY_UNANNOUNCED) {
        unannounced = 0;
        listenAnew();
      }
    } catch (RuntimeException e) {
      log.debug("Notices could not be followed for once", e);
    }
  }

  private void read() {
    toRead.set(false);
    NoticeFeed.Read first = feed.begin();
    NoticeFeed.Read read = first;
    while (true) {
      Optional<StreamPart> part = redis.read(read.after(), READ_AT_ONCE);
      if (part.isEmpty()) {
        return;
      }
      feed.found(read, part.get(), first);
      if (!part.get().more()) {
        return;
      }
      read = feed.begin();
    }
  }

  private void listen() {
    if (!redis.isAvailable() || !listening.compareAndSet(false, true)) {
      return;
    }
    RTopic channel = redis.channel();
    channel
        .addListenerAsync(this)
        .thenCombine(redis.listen(channel, this::heard), List::of)
        .whenComplete(
            (ids, failure) -> {
              if (failure == null) {
                listeners = ids;
                readSoon();
              } else {
                listening.set(false);
                log.debug("Notices are not announced to this node", failure);
              }
            });
  }

  private void listenAnew() {
    log.info("Notices were not announced to this node; it listens anew");
    stopListening();
    listening.set(false);
    listen();
  }

  private void stopListening() {
    Integer[] ids = listeners.toArray(Integer[]::new);
    listeners = List.of();
    if (ids.length > 0) {
      var unused = redis.channel().removeListenerAsync(ids);
    }
  }

  private void heard(byte[] message) {
    heard.incrementAndGet();
    Optional<LinkedNotice> notice = RedisNotices.announced(message);
    if (notice.isEmpty() || !feed.announced(notice.get())) {
      readSoon();
    }
  }

  /** What was announced before is missing. */
  @Override
  public void onSubscribe(String channel) {
    readSoon();
  }

  @Override
  public void onUnsubscribe(String channel) {
    log.debug("Notices are no longer announced to this node");
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.shutdownNow();
      stopListening();
    }
  }
}
