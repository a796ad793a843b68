package larder.cache.log.node;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import larder.cache.log.Appended;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;

/**
 * A node's view of the log: it applies what polls and appends return, and claims no more than they
 * prove.
 *
 * <h2>One path in</h2>
 *
 * Records come from polls and from the answers to the node's own appends, which carry everything
 * between the position that the node named and its own record. Both go through one door, in order:
 * what is at or below the position was applied before and is passed over; what is next is applied;
 * what leaves a number out is a gap. So a node never knows a record without all before it, and its
 * position alone says what it knows. Answers that come late, twice or across each other do no harm.
 *
 * <h2>Histories</h2>
 *
 * The cursor of polls moves with polls alone. Since epochs only grow, the first record of a new
 * history lies behind every cursor in an old one. With it the node adopts the history: a fresh
 * {@link Horizon} whose floor is just below that record, no evidence, no memory of transactions,
 * and its own {@link RecentChanges} in doubt. Records of an earlier history than the node's are
 * passed over. A starting node stands {@linkplain Position#NOWHERE nowhere} and reads the kept log
 * from its beginning, which is how a restart keeps shared values warm.
 *
 * <p>After a gap the node goes on behind it, with the floor raised to the last record it missed,
 * and without its evidence: what was proven of polls says nothing of records that nobody read.
 *
 * <h2>The claim</h2>
 *
 * <em>Current as of t</em> says: every change before t is applied here. It is made when a heartbeat
 * is read that vouches for what this node relies on, and t is when the latest {@link Evidence} was
 * sent that ended below the record which the heartbeat names. Evidence and heartbeat have to come
 * from one copy of the log, in the order in which it changed: only the answer to the latest poll,
 * on the connection still in use, counts for either. Were it otherwise, a server that lost a record
 * would prove that it did not exist, and a late answer would bring the heartbeat that names it. So
 * heartbeats that come with the answers to appends, or to a poll that was given up, are applied and
 * claim nothing; polls read past them once more. A node that has not yet read the kept log to its
 * end has only truncated polls behind it, and so claims nothing.
 *
 * <p>The order of application is slots, position, claim; {@link Horizon} tells why.
 *
 * <h2>Own changes</h2>
 *
 * {@link #send} notes the position, the log answers, {@link #answered} applies. When it returns
 * true the change is on this node's horizon, before the writer goes on. No answer, an answer from
 * another epoch than the one it was sent in, or one that does not reach the own record leave the
 * change {@linkplain Unacknowledged unacknowledged}.
 *
 * <p>Methods that change something hold the lock; {@link #position}, {@link #origin} and {@link
 * #currentAsOf} are free of it. The class starts no thread and does no I/O.
 */
public class LogFollower {

  private static final int REMEMBERED_TAGS = 1 << 16;
  private static final int DOUBTS = 64;
  private static final int PUTS = 1024;

  private final FollowerSettings settings;
  private final LongSupplier nanoClock;
  private final FollowerListener listener;
  private final Unacknowledged unacknowledged = new Unacknowledged(DOUBTS);

  /** Touched only under the lock; likewise the next five. */
  private final Evidence evidence;

  private final AppliedTags applied = new AppliedTags(REMEMBERED_TAGS);

  private final PendingPuts puts = new PendingPuts(PUTS);

  private final RecentChanges recent = new RecentChanges(DOUBTS);

  /** The number of the poll that may prove something, if it is answered. */
  private long polls;

  /** How far polls have read, which may be less than the position. */
  private Position cursor = Position.NOWHERE;

  /** Replaced only under the lock; a reader takes it once per judgement. */
  private volatile Horizon horizon;

  /** What a heartbeat must vouch for to count. */
  private volatile Source relyingOn;

  /** When the last heartbeat that counts was applied; written under the lock. */
  private volatile long heardNanos = Horizon.NEVER;

  /** A node that stands nowhere. */
  public LogFollower(FollowerSettings settings, LongSupplier nanoClock, FollowerListener listener) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.listener = listener;
    this.relyingOn = settings.relyingOn();
    this.horizon = new Horizon(Position.NOWHERE.epoch(), /* floor= */ 0, /* slotCount= */ 16);
    long bound = settings.boundNanos();
    this.evidence = new Evidence(bound / FollowerSettings.POLLS_PER_BOUND, 2 * bound);
  }

  Horizon horizon() {
    return horizon;
  }

  Unacknowledged unacknowledged() {
    return unacknowledged;
  }

  FollowerSettings settings() {
    return settings;
  }

  LongSupplier nanoClock() {
    return nanoClock;
  }

  /** The last record applied. */
  public Position position() {
    return horizon.position();
  }

  /** The origin of a load that begins now. */
  public Origin origin() {
    return new Origin(horizon.position(), nanoClock.getAsLong());
  }

  /**
   * The instant before which every change is known here; {@link Long#MIN_VALUE} if there is none.
   */
  public long currentAsOf() {
    return horizon.currentAsOf();
  }

  /** Returns what a heartbeat must vouch for to count here. */
  public Source relyingOn() {
    return relyingOn;
  }

  /**
   * Has only heartbeats count from now on that vouch for {@code source}. What was claimed before
   * stands, and is soon too old to be of use.
   */
  public void relyOn(Source source) {
    relyingOn = source;
  }

  /** Whether a heartbeat that counts here was applied within this time. */
  public boolean heardWithin(long nanos) {
    long heard = heardNanos;
    return heard != Horizon.NEVER && nanoClock.getAsLong() - heard <= nanos;
  }

  /** Begins a poll, to be called before the command is handed to the client. */
  public synchronized Poll poll() {
    return new Poll(cursor, nanoClock.getAsLong(), ++polls);
  }

  /** Applies what a poll returned. */
  public synchronized void polled(Poll poll, Polled reply) {
    reply.entries().forEach(this::apply);
    if (poll.number() != polls) {
      return;
    }
    reply.entries().forEach(this::hear);
    Position end = reply.entries().isEmpty() ? poll.cursor() : last(reply.entries());
    if (end.compareTo(cursor) > 0) {
      cursor = end;
    }
    if (!reply.truncated() && position().reaches(end)) {
      evidence.add(poll.sentNanos(), end.n());
    }
  }

  /**
   * Applies records that came outside of polls, early and from any copy of the log. They prove
   * nothing; polls read past them once more.
   */
  public synchronized void delivered(List<LogEntry> entries) {
    entries.forEach(this::apply);
  }

  private static Position last(List<LogEntry> entries) {
    return entries.get(entries.size() - 1).position();
  }

  /** Forgets what was proven of polls, since the next may ask another copy of the log. */
  public synchronized void reconnected() {
    polls++;
    evidence.forget();
  }

  /**
   * Begins an append.
   *
   * @param committedNanos when the change was known to be visible
   */
  public Sending send(LogRecord record, long committedNanos) {
    return new Sending(record, position(), nanoClock.getAsLong(), committedNanos);
  }

  /**
   * Begins a heartbeat: fixes the record that is known to exist before the source is asked.
   *
   * @param source what will be asked between this call and the append
   */
  public Heartbeat heartbeat(Source source) {
    return new Heartbeat(position(), source);
  }

  /**
   * Whether records of {@code epoch} that are applied here tell all of these tags of a transaction,
   * so that they need not be appended once more. What was long ago is forgotten.
   */
  public synchronized boolean hasApplied(long epoch, TransactionId transaction, Tags tags) {
    return horizon.epoch() == epoch && applied.fresh(transaction, tags).isEmpty();
  }

  /**
   * Applies the answer to an append.
   *
   * @return whether the record is applied here; if not, it is unacknowledged
   */
  public synchronized boolean answered(Sending sending, Appended reply) {
    boolean sameHistory = reply.position().epoch() == sending.seen().epoch();
    if (sameHistory) {
      inOrder(reply).forEach(this::apply);
    }
    if (sameHistory && position().reaches(reply.position())) {
      acknowledged(sending);
      return true;
    }
    unanswered(sending);
    return false;
  }

  private void acknowledged(Sending sending) {
    unacknowledged.answered(sending);
    if (!(sending.record() instanceof Heartbeat)) {
      recent.add(new Outstanding(sending.record(), sending.committedNanos()));
    }
  }

  /** The records of an answer that are to be applied. */
  List<LogEntry> inOrder(Appended reply) {
    return reply.since();
  }

  /** Notes that an append was not answered in time. It may still happen. */
  public synchronized void unanswered(Sending sending) {
    if (sending.record() instanceof Heartbeat) {
      return;
    }
    if (sending.record() instanceof Invalidation told && told.transaction() != null) {
      puts.drop(told.transaction());
    }
    doubt(new Outstanding(sending.record(), sending.committedNanos()));
  }

  private void doubt(Outstanding change) {
    Tags open = change.record() instanceof Invalidation told ? fresh(told) : Tags.NONE;
    unacknowledged.add(change.record(), open, change.committedNanos());
  }

  /** The own changes that are not known to stand in the log, to be appended again. */
  public List<Outstanding> outstanding() {
    return unacknowledged.outstanding();
  }

  /**
   * Leaves the value of a committed put to the log's decision; to be called before its record is
   * sent.
   *
   * @param transaction the transaction that its record carries
   * @param key the hash of the key's tag
   * @param stamp the value's stamp as of the origin of the method
   * @param store takes the stamp under which the value may be kept; not called for an evict
   */
  public synchronized void put(
      TransactionId transaction, long key, Stamp stamp, Consumer<Stamp> store) {
    puts.add(transaction, key, stamp, store);
  }

  private void apply(LogEntry entry) {
    Position at = entry.position();
    if (at.epoch() > horizon.epoch()) {
      adopt(at);
    }
    if (at.epoch() < horizon.epoch() || at.n() <= horizon.n()) {
      return;
    }
    if (at.n() > horizon.n() + 1) {
      crossGap(at.n() - 1);
    }
    applyNext(at, entry.record());
  }

  /** Begins to follow the history of which {@code first} is the first record still kept. */
  void adopt(Position first) {
    horizon = new Horizon(first.epoch(), first.n() - 1, settings.slots());
    evidence.forget();
    applied.forget();
    adopted();
    listener.newHistory(horizon.position());
  }

  /** Puts the own changes that only the last history is known to hold in doubt. */
  void adopted() {
    recent.drainTo(this::doubt);
  }

  /** Goes on behind record {@code missed}, of which nothing is known. */
  void crossGap(long missed) {
    Position from = horizon.position();
    horizon.raiseFloor(missed);
    horizon.advance(missed);
    evidence.forget();
    listener.gap(from, horizon.position());
  }

  private void applyNext(Position at, LogRecord record) {
    if (record instanceof Invalidation invalidation) {
      invalidate(at, invalidation);
    } else if (record instanceof Everything) {
      horizon.raiseFloor(at.n());
    }
    horizon.advance(at.n());
    if (!(record instanceof Heartbeat)) {
      listener.applied(at, record, horizon.currentAsOf() == Horizon.NEVER);
    }
  }

  private void invalidate(Position at, Invalidation record) {
    decidePuts(at, record);
    horizon.raise(fresh(record), at.n());
    TransactionId transaction = record.transaction();
    if (transaction != null) {
      applied.add(transaction, record.tags());
      unacknowledged.applied(transaction, record.tags());
    }
  }

  void decidePuts(Position at, Invalidation record) {
    puts.decide(horizon, at, record);
  }

  /** The tags of a record that no earlier record of its transaction has told. */
  Tags fresh(Invalidation record) {
    return applied.fresh(record.transaction(), record.tags());
  }

  private void hear(LogEntry entry) {
    boolean applies = position().reaches(entry.position());
    if (applies && entry.record() instanceof Heartbeat heartbeat && counts(heartbeat)) {
      heardNanos = nanoClock.getAsLong();
      claim(proven(heartbeat));
    }
  }

  private void claim(long currentAsOf) {
    if (currentAsOf != Horizon.NEVER) {
      horizon.claim(currentAsOf);
      recent.passed(currentAsOf);
      if (!relyingOn.isLog()) {
        unacknowledged.passed(currentAsOf);
      }
    }
  }

  /** The instant that a heartbeat proves this node current as of; {@link Horizon#NEVER} if none. */
  long proven(Heartbeat heartbeat) {
    return evidence.latestBelow(heartbeat.before().n());
  }

  /** Whether a heartbeat tells this node anything. */
  boolean counts(Heartbeat heartbeat) {
    return heartbeat.before().epoch() == horizon.epoch()
        && heartbeat.source().vouchesFor(relyingOn);
  }
}
