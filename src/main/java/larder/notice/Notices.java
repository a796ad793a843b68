package larder.notice;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages from any node to those who listen on all nodes, within milliseconds, each once and in
 * one order; who was away for a while goes on where they were.
 *
 * <p>A node begins to follow the stream when somebody first listens, or asks for a position; one
 * that only publishes has neither thread nor subscription for it.
 */
public final class Notices implements AutoCloseable {

  /** Most characters of a text. */
  public static final int LONGEST_TEXT = 8_192;

  /** Most characters of a topic. */
  public static final int LONGEST_TOPIC = 200;

  private static final Logger log = LoggerFactory.getLogger(Notices.class);

  private final NoticeCounts counts = new NoticeCounts();
  private final AtomicBoolean losing = new AtomicBoolean();
  private final RedisNotices redis;
  private final NoticeFeed feed;
  private final NoticeFollower follower;

  public Notices(RedisCalls calls, Keyspace keyspace, NoticeProperties properties) {
    this.redis = new RedisNotices(calls, keyspace, properties.kept(), properties.keepFor());
    this.feed = new NoticeFeed(properties.kept(), counts);
    this.follower = new NoticeFollower(redis, feed, counts, properties.readInterval());
  }

  /**
   * Tells all who listen to a topic; returns at once and never throws. To be called after the
   * commit of what it tells of. Sent once: if Redis does not confirm it in time, it counts as
   * {@link NoticeCounts#lost lost}, though Redis may have it.
   *
   * @param topic up to {@link #LONGEST_TOPIC} characters without a line feed
   * @param text up to {@link #LONGEST_TEXT} characters, for whoever may listen to the topic
   */
  public void publish(String topic, String text) {
    var unused = send(topic, text);
  }

  /**
   * Does as {@link #publish}, and waits until Redis has confirmed it: what is published from then
   * on, by any node, comes behind it. Waits no longer than {@code larder.remote.deadline}.
   *
   * @return whether Redis has confirmed it
   */
  public boolean publishAndWait(String topic, String text) {
    return send(topic, text).join();
  }

  private CompletableFuture<Boolean> send(String topic, String text) {
    if (topic.isEmpty()
        || topic.length() > LONGEST_TOPIC
        || topic.indexOf('\n') >= 0
        || text.length() > LONGEST_TEXT) {
      counts.countLost();
      log.warn("A notice with {} characters cannot be published, nor its like", text.length());
      return CompletableFuture.completedFuture(false);
    }
    return redis.append(topic, text).thenApply(this::counted);
  }

  private boolean counted(boolean confirmed) {
    if (confirmed) {
      counts.countPublished();
      losing.set(false);
    } else {
      counts.countLost();
      if (!losing.getAndSet(true)) {
        log.warn("Notices are lost: Redis does not take them in time");
      }
    }
    return confirmed;
  }

  /**
   * Begins to listen. Events are to be {@link NoticeSubscription#take taken} at once, and whenever
   * the listener is called; the first may be a {@link Reset}.
   *
   * @param topics what to listen to
   * @param after the id of the last event that the listener has seen, on any node; null for what
   *     comes from now on. While Redis is away nobody can tell what came after it: then nothing is
   *     there to take until Redis is back
   * @param listener learns that there may be something to take
   */
  public NoticeSubscription subscribe(
      Set<String> topics, @Nullable NoticeId after, NoticeListener listener) {
    NoticeSubscription added = feed.subscribe(topics, after, listener);
    follower.start();
    if (added.position().isEmpty()) {
      follower.readSoon();
    }
    return added;
  }

  /**
   * Returns the position of this node: who listens behind it misses nothing that comes from now on.
   * Empty until the stream was read once.
   */
  public Optional<NoticeId> position() {
    follower.start();
    return feed.position();
  }

  /** Returns what has happened here so far. */
  public NoticeCounts counts() {
    return counts;
  }

  /** Whether this node hears announcements; if not, it reads the stream every few seconds. */
  public boolean isListening() {
    return follower.isListening();
  }

  /** Ends following; subscriptions hear nothing more. */
  @Override
  public void close() {
    follower.close();
  }
}
