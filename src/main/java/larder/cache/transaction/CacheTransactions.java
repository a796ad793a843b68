package larder.cache.transaction;

import java.sql.Connection;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import larder.cache.log.Author;
import larder.cache.log.Author.Cause;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Origin;
import larder.cache.log.service.LogService;
import larder.cache.session.SessionRule;
import larder.cache.tracking.DataTags;
import larder.cache.transaction.Outbox.Written;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What caches and transactions have to do with each other.
 *
 * <ul>
 *   <li>The origin of a load is taken before the surrounding transaction or persistence context
 *       began, for what they show may be older than the load.
 *   <li>What a transaction may have changed is not read from a cache inside of it, and what was
 *       read inside of a transaction that may write is not shared; nor is what was made of it
 *       outside, unless the transaction was committed.
 *   <li>Changes are published together, in one record, after the commit; without a transaction at
 *       once.
 * </ul>
 *
 * <p>Nothing here throws after a commit. Thread-safe.
 */
public final class CacheTransactions {

  private static final Logger log = LoggerFactory.getLogger(CacheTransactions.class);

  /** Of so many changes of a transaction, entries are removed; of the others they are condemned. */
  private static final int MOST_PREPARED = 1_000;

  /** Of so many rows of a table, a transaction names each; of more, the table. */
  private static final int MOST_ROWS = 100;

  /** Set between the two callbacks of one beginning. */
  private static final ThreadLocal<@Nullable Origin> BEGINNING = new ThreadLocal<>();

  private final LogService service;
  private final LogFollower follower;
  private final PersistenceContexts contexts;
  private final SurroundingCalls calls;
  private final SessionRule sessions;

  /** Null where nothing is left in the database. */
  private volatile @Nullable Durable outbox;

  /**
   * @param calls told in their thread what comes of their transactions
   */
  public CacheTransactions(
      LogService service,
      LogFollower follower,
      PersistenceContexts contexts,
      SurroundingCalls calls) {
    this.service = service;
    this.follower = follower;
    this.contexts = contexts;
    this.calls = calls;
    this.sessions = new SessionRule(follower::position, follower::currentAsOf, System::nanoTime);
  }

  /** Returns whether this node has all that the person of this thread's request has written. */
  public SessionRule sessions() {
    return sessions;
  }

  /** Takes the origin of a transaction, before it can have a snapshot. */
  public void beforeBegin() {
    BEGINNING.set(follower.origin());
  }

  /**
   * Binds what was taken to the transaction that has begun, or forgets it if none has, or if it was
   * but a savepoint of the one that is there.
   */
  public void afterBegin(boolean begun) {
    Origin origin = BEGINNING.get();
    BEGINNING.remove();
    TransactionScope found = TransactionScope.find();
    if (begun
        && TransactionSynchronizationManager.isSynchronizationActive()
        && (found == null || !found.isOpen())) {
      open(origin);
    }
  }

  private TransactionScope open(@Nullable Origin origin) {
    boolean reads = TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    return TransactionScope.open(origin, new Fate(reads));
  }

  /** What comes of a transaction, and of what was read in it. */
  private final class Fate implements TransactionScope.Fate {

    private final boolean reads;

    Fate(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void leave(Supplier<@Nullable List<Change>> changes, Consumer<Written> written) {
      CacheTransactions.this.leave(changes, written);
    }

    @Override
    public void publish(List<Change> changes, boolean committed, @Nullable Written written) {
      CacheTransactions.this.publish(changes, committed, written);
    }

    @Override
    public void unseen() {
      if (!reads) {
        calls.unseen();
      }
    }
  }

  /**
   * Returns the origin of a load that begins now in this thread; null if the beginning of something
   * around it was not seen, so that its value must not be shared.
   */
  public @Nullable Origin origin() {
    Origin now = contexts.earliest(follower.origin());
    if (now == null || !TransactionSynchronizationManager.isActualTransactionActive()) {
      return now;
    }
    TransactionScope scope = TransactionScope.find();
    Origin begun = scope == null ? null : scope.origin();
    return begun == null ? null : now.earlier(begun);
  }

  /**
   * Returns the origin of a load that begins now in this thread and whose value may be shared; null
   * if it must not: a transaction that may write could read what nobody else ever sees.
   */
  public @Nullable Origin shareableOrigin() {
    return !holdsConnection() || TransactionSynchronizationManager.isCurrentTransactionReadOnly()
        ? origin()
        : null;
  }

  /**
   * Whether what a load reads in this thread now is what the database says, and not what the
   * application has changed in memory only. Takes time with the number of managed entities.
   */
  public boolean isClean() {
    return contexts.isClean();
  }

  /** Whether this thread has a transaction, and so a database connection. */
  public boolean holdsConnection() {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }

  /**
   * Whether this thread may see something else than a value with these tags: what its transaction
   * has written, or what it has changed in memory.
   */
  public boolean touches(Tags tags) {
    if (TransactionSynchronizationManager.getResourceMap().isEmpty()) {
      return false; // neither a transaction nor a context is bound to this thread
    }
    TransactionScope scope = TransactionScope.find();
    return (scope != null && scope.touches(tags)) || !contexts.isClean();
  }

  /**
   * Returns {@link #touches} for several values that this thread looks at while it writes nothing.
   */
  public Predicate<Tags> touching() {
    TransactionScope scope = TransactionScope.find();
    boolean clean = contexts.isClean();
    return tags -> !clean || (scope != null && scope.touches(tags));
  }

  /** Publishes a change: after the commit of this thread's transaction, or at once without one. */
  public void change(Change change) {
    if (isInTransaction()) {
      TransactionScope scope = scope();
      if (scope.isAccompanied()) {
        publish(List.of(change.asEvict()), /* committed= */ true, null);
      }
      scope.add(change);
    } else {
      publish(List.of(change), /* committed= */ true, null);
    }
  }

  /** Takes note that this thread's transaction has written a row. */
  void wroteRow(String table, String id, boolean newKey) {
    int count = isInTransaction() ? scope().countRow(DataTags.bare(table)) : 1;
    if (count <= MOST_ROWS) {
      if (isInTransaction()) {
        // A key that the row has may have been another's, whose change is not heard of yet.
        scope().doubt(DataTags.keys(table));
      }
      wrote(row(table, id, newKey), table);
    } else if (count == MOST_ROWS + 1) {
      wroteTable(table);
    }
  }

  private static Tags row(String table, String id, boolean newKey) {
    return newKey
        ? Tags.of(DataTags.table(table), DataTags.row(table, id), DataTags.keys(table))
        : Tags.of(DataTags.table(table), DataTags.row(table, id));
  }

  /** Takes note that this thread's transaction has written rows of a table. */
  void wroteTable(String table) {
    wrote(Tags.of(DataTags.table(table), DataTags.all(table)), table);
  }

  /** Takes note that a row was written and committed, apart from this thread's transaction. */
  void committedRow(String table, String id, boolean newKey) {
    changeNow(written(row(table, id, newKey)));
  }

  /** Takes note that tables were written and committed, apart from this thread's transaction. */
  void committedTables(Collection<String> tables) {
    Tags.Builder tags = new Tags.Builder();
    for (String table : tables) {
      tags.add(DataTags.table(table));
      tags.add(DataTags.all(table));
    }
    if (!tables.isEmpty()) {
      changeNow(written(tags.build()));
    }
  }

  private static Change written(Tags named) {
    return new Change(named, null, () -> {}, Cause.WRITE);
  }

  private void wrote(Tags named, String table) {
    TransactionScope scope = isInTransaction() ? TransactionScope.find() : null;
    if (scope == null || !scope.hasTold(named)) {
      Durable durable = outbox;
      boolean byTriggers = durable != null && durable.outbox().isWatched(table);
      change(new Change(named, null, () -> {}, Cause.WRITE, byTriggers));
    }
  }

  private static boolean isInTransaction() {
    return TransactionSynchronizationManager.isActualTransactionActive()
        && TransactionSynchronizationManager.isSynchronizationActive();
  }

  /**
   * Takes note that this thread's transaction may have written what nobody can name: inside of it
   * no cache is read from now on.
   */
  void wroteUnknown() {
    if (isInTransaction()) {
      scope().wroteUnknown();
    }
  }

  private TransactionScope scope() {
    TransactionScope found = TransactionScope.find();
    return found == null ? open(null) : found;
  }

  /** Publishes a change now, and once more after the commit if there is a transaction. */
  public void changeNow(Change change) {
    publish(List.of(change.asEvict()), /* committed= */ true, null);
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      change(change);
    }
  }

  /**
   * Has the outbox of the database carry what transactions change, from now on.
   *
   * @param end where a transaction's last statement can be run
   */
  public void leaveIn(Outbox found, TransactionEnd end) {
    outbox = new Durable(found, end);
  }

  /** Whether triggers tell what transactions write and this layer does not see. */
  boolean areHeardByTriggers() {
    return outbox != null && !follower.relyingOn().isLog();
  }

  /** An outbox, and the way to it. */
  private record Durable(Outbox outbox, TransactionEnd end) {}

  private void leave(Supplier<@Nullable List<Change>> changes, Consumer<Written> written) {
    Durable durable = outbox;
    if (durable == null) {
      return;
    }
    try {
      durable.end().beforeCommit(connection -> leave(durable, connection, changes, written));
    } catch (RuntimeException e) {
      log.debug("The end of a transaction is not known", e);
    }
  }

  private static void leave(
      Durable durable,
      Connection connection,
      Supplier<@Nullable List<Change>> changes,
      Consumer<Written> written) {
    List<Change> left = changes.get();
    Written found = left == null ? null : durable.outbox().write(connection, known(left));
    if (found != null) {
      written.accept(found);
    }
  }

  private void publish(List<Change> changes, boolean committed, @Nullable Written written) {
    try {
      if (!changes.isEmpty() || written != null) {
        append(changes, committed, written);
      }
    } catch (RuntimeException e) {
      log.warn("A change was committed, and its invalidation failed; it is bounded by time", e);
    }
  }

  private void append(List<Change> changes, boolean committed, @Nullable Written written) {
    long committedNanos = System.nanoTime();
    TransactionId transaction =
        written != null ? written.transaction() : committed ? service.newTransaction() : null;
    Tags tags = written == null ? named(changes) : named(changes).and(written.tags());
    try {
      if (transaction != null && !tags.isEmpty()) {
        calls.committed(transaction, tags);
      }
      changes.stream().limit(MOST_PREPARED).forEach(change -> prepare(change, transaction));
    } finally {
      boolean known =
          service.append(new Invalidation(tags, transaction, author(changes)), committedNanos);
      SessionRule.wrote(known ? follower.position() : null);
    }
  }

  /** Returns what nobody else leaves in the outbox. */
  private static Tags known(List<Change> changes) {
    return named(changes.stream().filter(change -> !change.byTriggers()).toList());
  }

  private Author author(List<Change> changes) {
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    changes.forEach(change -> causes.add(change.cause()));
    return new Author(service.nodeName(), causes);
  }

  private static Tags named(List<Change> changes) {
    return Tags.ofHashes(
        changes.stream()
            .map(Change::named)
            .flatMapToLong(tags -> IntStream.range(0, tags.size()).mapToLong(tags::hash))
            .toArray());
  }

  private void prepare(Change change, @Nullable TransactionId transaction) {
    Change.Put put = change.put();
    try {
      if (put != null && transaction != null) {
        follower.put(transaction, put.key(), put.stamp(), put.store());
      } else {
        change.remove().run();
      }
    } catch (RuntimeException e) {
      log.debug("A stale entry was not removed; it is condemned all the same", e);
    }
  }
}
