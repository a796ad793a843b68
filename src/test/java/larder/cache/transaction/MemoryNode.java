package larder.cache.transaction;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.MemoryLog;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Poll;
import larder.cache.log.node.ServingRule;
import larder.cache.log.service.LogService;

/**
 * A node on a log in memory, which polls and beats when a test says so. Its appends are answered at
 * once, unless the log is away. Safe for several threads.
 */
public final class MemoryNode implements InvalidationLog {

  private final AtomicLong salts = new AtomicLong();
  private final MemoryLog log =
      new MemoryLog(1, () -> 1_000_000, salts::incrementAndGet, /* kept= */ 1_000);
  private final List<Invalidation> appended = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  /** What the node knows. */
  public final LogFollower follower;

  /** What it may serve. */
  public final ServingRule rule;

  /** What it appends. */
  public final LogService service;

  /** What is tested. */
  public final CacheTransactions transactions;

  /** A node with a bound, without persistence contexts. */
  public MemoryNode(Duration bound) {
    this(bound, PersistenceContexts.NONE, () -> {});
  }

  /**
   * A node with a bound.
   *
   * @param unseen told when a transaction may not have been committed
   */
  public MemoryNode(Duration bound, PersistenceContexts contexts, SurroundingCalls unseen) {
    FollowerSettings settings = new FollowerSettings(bound, 1 << 12, Source.LOG);
    follower = new LogFollower(settings, System::nanoTime, FollowerListener.NO_OP);
    rule = new ServingRule(follower);
    service = new LogService(this, follower, bound);
    transactions = new CacheTransactions(service, follower, contexts, unseen);
    log.append(Position.NOWHERE, LogRecord.Everything.RECORD);
    pollOnce();
  }

  /** Polls, and so learns of what others have appended. */
  public void pollOnce() {
    Poll poll = follower.poll();
    follower.polled(poll, poll(poll.cursor(), 100));
  }

  /** Becomes current by heartbeats. */
  public void beat() {
    for (int i = 0; i < 3; i++) {
      Heartbeat heartbeat = follower.heartbeat(Source.LOG);
      heartbeat(follower.position(), heartbeat);
      pollOnce();
    }
  }

  /** Appends a record as another node would, of which this one hears with its next poll. */
  public synchronized void appendElsewhere(String... tags) {
    log.append(Position.NOWHERE, new Invalidation(Tags.of(tags), null));
  }

  /** Has the log answer nothing any more, or again. */
  public void setAway(boolean away) {
    this.away = away;
  }

  /** Returns the invalidations that this node has appended. */
  public List<Invalidation> appended() {
    return List.copyOf(appended);
  }

  @Override
  public synchronized Appended append(Position seen, LogRecord record) {
    answer();
    if (record instanceof Invalidation invalidation) {
      appended.add(invalidation);
    }
    return log.append(seen, record);
  }

  @Override
  public synchronized Appended heartbeat(Position seen, Heartbeat heartbeat) {
    answer();
    return log.heartbeat(seen, heartbeat);
  }

  @Override
  public synchronized Polled poll(Position cursor, int limit) {
    answer();
    return log.poll(cursor, limit);
  }

  @Override
  public List<LogEntry> await(Position position, int limit, Duration longest) {
    return poll(position, limit).entries();
  }

  private void answer() {
    if (away) {
      throw new IllegalStateException("the log is away");
    }
  }
}
