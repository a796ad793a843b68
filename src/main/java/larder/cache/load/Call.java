package larder.cache.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import larder.cache.CachedCall.Source;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Origin;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.tracking.Dependencies;
import larder.cache.tracking.Reads;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A call of an annotated method while a thread answers it: what its lookups found, and what its
 * method has read from other caches.
 *
 * <p>Calls nest, as their methods do: what an inner call answered is what the outer one consumed,
 * so that the outer value depends on all that the inner depends on and is no newer. Used by the
 * thread that began it; what was consumed may be told by any.
 */
public final class Call {

  private static final ThreadLocal<@Nullable Call> CURRENT = new ThreadLocal<>();

  private static final CompletionStage<?> STORED = CompletableFuture.completedFuture(null);

  private final @Nullable Call outer;
  private final @Nullable Probe probe;
  private volatile @Nullable Origin entry;
  private final boolean inTransaction =
      TransactionSynchronizationManager.isActualTransactionActive();
  private final List<Missed> misses = new ArrayList<>(0);
  private final List<Runnable> afterwards = new ArrayList<>(0);
  private @Nullable Stamp consumed;
  private Dependencies read = Dependencies.NONE;
  private @Nullable Reads running;
  private long partsEndNanos = Loaded.OPEN;
  private boolean boundByParts;
  private boolean lookedUp;
  private volatile boolean handedUp;
  private volatile Source source = Source.LOADED;
  private @Nullable Map<Source, Integer> answers;
  private volatile boolean keptPrivate;
  private CompletionStage<?> storing = STORED;
  private @Nullable Loaded loaded;
  private KeyLocks.@Nullable Lock held;
  private boolean loadsNext;
  private boolean keepsAnswer;

  private Call(@Nullable Call outer, @Nullable Origin entry, @Nullable Probe probe) {
    this.outer = outer;
    this.entry = entry;
    this.probe = probe;
  }

  /**
   * Begins a call in this thread, inside of the one that it is answering.
   *
   * @param entry the origin of what the method will read; null if that is not known
   */
  public static Call begin(@Nullable Origin entry) {
    Call outer = CURRENT.get();
    Call call = new Call(outer, entry, outer == null ? null : outer.probe);
    CURRENT.set(call);
    return call;
  }

  /** Begins a call of the layer's own in a thread that answers none; it makes nothing to keep. */
  public static Call beginProbe(Probe probe) {
    Call call = new Call(null, null, probe);
    call.keptPrivate = true;
    CURRENT.set(call);
    return call;
  }

  /** Returns what a call of the layer's own is for; null if it is an application's. */
  public @Nullable Probe probe() {
    return probe;
  }

  /** Returns the call that this thread is answering; null if none. */
  public static @Nullable Call current() {
    return CURRENT.get();
  }

  /**
   * Has nobody else get what the calls that this thread is answering make: something that they may
   * have read is never to be seen by others, or is of unknown age.
   */
  public static void keepPrivate() {
    keepPrivate(CURRENT.get());
  }

  private static void keepPrivate(@Nullable Call innermost) {
    for (Call call = innermost; call != null; call = call.outer) {
      call.keptPrivate = true;
    }
  }

  /** Whether nobody else may get what this call makes. */
  boolean isPrivate() {
    return keptPrivate;
  }

  /** Ends the call in this thread; its answer may still be on its way. */
  public void end() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }

  /** Runs the rest of a call whose answer came in another thread. */
  public void resume(Runnable rest) {
    Call before = CURRENT.get();
    CURRENT.set(this);
    try {
      rest.run();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /** Returns a task that another thread may run, as part of what this thread's call does. */
  public static Runnable carriedBy(Runnable task) {
    Call call = CURRENT.get();
    return call == null ? task : () -> call.resume(task);
  }

  /** Returns the origin of what the method reads, taken before any lookup; null if not known. */
  @Nullable Origin entry() {
    return entry;
  }

  /**
   * A transaction of this thread is committed and its record about to be sent: calls around it that
   * have read nothing that others changed before that record know all up to it.
   */
  static void committed(LogFollower follower, TransactionId transaction, Tags named) {
    for (Call call = CURRENT.get(); call != null && !call.inTransaction; call = call.outer) {
      Call around = call;
      Origin began = call.entry;
      if (began != null) {
        Stamp stamp = Stamp.loaded(began, call.readSoFar(), /* complete= */ true);
        follower.put(
            transaction,
            named.hash(0),
            stamp,
            decided -> around.entry = new Origin(decided.asOf(), began.nanos()));
      }
    }
  }

  private synchronized Tags readSoFar() {
    Tags tags = running == null ? read.tags() : read.tags().and(running.tags());
    return consumed == null ? tags : tags.and(consumed.tags());
  }

  /** Whether the method has read anything whose changes are known, itself or through others. */
  public synchronized boolean dependsOnData() {
    return consumed != null || !read.tags().isEmpty();
  }

  /** Takes note of what collects the reads of the method while it runs. */
  public synchronized void reading(Reads reads) {
    running = reads;
  }

  /** Has something done when the method has come to its end, whichever. */
  public void afterwards(Runnable last) {
    afterwards.add(last);
  }

  /** The method has come to its end. */
  public void finish() {
    afterwards.forEach(Runnable::run);
    afterwards.clear();
  }

  /** Takes note that a lookup of this call found its answer. */
  public void hit(Source where, Stamp stamp, long provenNanos) {
    source = where;
    lookedUp = true;
    if (outer != null) {
      outer.consume(stamp, provenNanos);
    }
  }

  /** Takes note that a lookup which was put off until the load has found its answer in Redis. */
  void foundRemote() {
    source = Source.REMOTE;
  }

  /** Takes note that the call looks up one key, and loads it at once if that finds nothing. */
  public void loadsNext() {
    loadsNext = true;
  }

  /**
   * Whether the call has one key to look up, and the next that it does after it found nothing is to
   * load.
   */
  public boolean isLoadNext() {
    return loadsNext;
  }

  /** Takes note that a lookup of this call found nothing. */
  public void missed(Missed miss) {
    misses.add(miss);
    lookedUp = true;
  }

  /** Whether a cache was asked for the answer. */
  public boolean hasLookedUp() {
    return lookedUp;
  }

  /** Whether a lookup of this call found nothing. */
  public boolean hasMissed() {
    return !misses.isEmpty();
  }

  /** Takes note of whether the caches keep what the method, which runs next, brings. */
  void keepsAnswer(boolean kept) {
    keepsAnswer = kept;
  }

  /**
   * Whether a call depends on no more of this one than on its answer: the caches keep that, unless
   * the method throws, and what is made of it ends no later than it does.
   */
  public boolean isPartThatIsKept() {
    return keepsAnswer && outer != null && outer.isBoundByParts();
  }

  private synchronized boolean isBoundByParts() {
    return boundByParts;
  }

  /** Returns the lookups that found nothing and forgets them. */
  List<Missed> takeMisses() {
    List<Missed> taken = List.copyOf(misses);
    misses.clear();
    return taken;
  }

  /**
   * Takes note that the method has used a cached value. What is made of one that was served though
   * it is not proven, as an expired one while its load fails, is for its caller alone.
   *
   * @param provenNanos the instant up to which it was proven when it was served
   */
  public synchronized void consume(Stamp part, long provenNanos) {
    if (provenNanos == ServingRule.NOT_PROVEN) {
      keepPrivate(this);
    }
    consumed =
        consumed == null
            ? new Stamp(
                part.asOf(),
                part.tags(),
                part.complete(),
                /* own= */ true,
                provenNanos,
                part.readNanos())
            : consumed.consuming(part, provenNanos);
  }

  /** Has what the call makes end no later than what it was made of. */
  public synchronized void boundByParts() {
    boundByParts = true;
  }

  /** Takes note that something which the method has used ends at an instant. */
  public synchronized void endsBy(long nanos) {
    if (nanos != Loaded.OPEN && (partsEndNanos == Loaded.OPEN || nanos - partsEndNanos < 0)) {
      partsEndNanos = nanos;
    }
  }

  /** Takes note that the answer of this call ends at an instant, as what is made of it may. */
  public void answerEndsBy(long nanos) {
    if (outer != null) {
      outer.endsBy(nanos);
      outer.endsBy(partsEnd());
    }
  }

  private synchronized long partsEnd() {
    return partsEndNanos;
  }

  /**
   * Returns when what the call makes ends at the latest; {@link Loaded#OPEN} if it is not bound.
   */
  synchronized long endsNanos() {
    return boundByParts ? partsEndNanos : Loaded.OPEN;
  }

  /** Takes note of what the method has read in the database. */
  public synchronized void read(Dependencies found) {
    read =
        new Dependencies(
            read.tags().and(found.tags()), read.complete() ? found.unknown() : read.unknown());
  }

  /** Returns the stamp of what the method made, with all that it has used taken into account. */
  public synchronized Stamp stamp(Origin origin, Tags tags) {
    Stamp own = Stamp.loaded(origin, tags.and(read.tags()), read.complete());
    return consumed == null ? own : own.consuming(consumed, consumed.originNanos());
  }

  /**
   * Returns the stamp of news that the method made: no newer than the call, nor than what another
   * caller's load brought it; null if it is no news to others.
   */
  public synchronized @Nullable Stamp news(Tags tags) {
    Loaded brought = loaded;
    if (entry == null || keptPrivate) {
      return null;
    } else if (brought == null) {
      return stamp(entry, tags);
    }
    Stamp part = brought.stamp();
    Position asOf = entry.position().compareTo(part.asOf()) <= 0 ? entry.position() : part.asOf();
    return stamp(new Origin(asOf, entry.nanos()), tags).consuming(part, part.originNanos());
  }

  /**
   * The call ends without an answer that its caches know, such as an exception, or a condition that
   * did not hold: what is made around it may depend on all that its method has read.
   */
  public synchronized void handUp() {
    if (outer != null && !handedUp) {
      handedUp = true;
      outer.read(read);
      outer.endsBy(partsEndNanos);
      if (consumed != null) {
        outer.consume(consumed, consumed.originNanos());
      }
    }
  }

  /** Returns the tags of all that the method is known to have read so far, itself or by others. */
  public synchronized Tags readTags() {
    return read.tags();
  }

  /**
   * Returns the stamp of one of several parts of what the method made.
   *
   * @param tags what this part depends on, besides the cached values that the method has used
   */
  public synchronized Stamp stampOfPart(Origin origin, Tags tags) {
    Stamp own = Stamp.loaded(origin, tags, read.complete());
    return consumed == null ? own : own.consuming(consumed, consumed.originNanos());
  }

  /** Takes note of one of several parts of the answer, which a load brought. */
  void brought(Loaded part) {
    if (outer != null) {
      outer.consume(part.stamp(), part.stamp().originNanos());
    }
  }

  /**
   * Takes note that the answer has several parts.
   *
   * @param parts how many came from where, at least one
   */
  public void answered(Map<Source, Integer> parts) {
    answers = Map.copyOf(parts);
    source = Collections.max(parts.keySet());
    lookedUp = true;
  }

  /** Returns how many parts of the answer came from where; one, unless it was said otherwise. */
  public Map<Source, Integer> answers() {
    Map<Source, Integer> parts = answers;
    return parts == null ? Map.of(source, 1) : parts;
  }

  /** Takes note of what the load brought. */
  public void loaded(Loaded result) {
    loaded = result;
    handedUp = true;
    if (outer != null) {
      outer.consume(result.stamp(), result.stamp().originNanos());
    }
  }

  /** Takes note that what the load brought is being stored, since its annotation took it. */
  public void storing(CompletionStage<?> stored) {
    storing = stored;
  }

  /** Takes note that what the load brought was loaded under a lock, which its storing may end. */
  void loadedUnder(KeyLocks.Lock lock) {
    held = lock;
  }

  /** Returns the lock under which the answer was loaded; null if there is none. */
  public KeyLocks.@Nullable Lock lock() {
    return held;
  }

  /** Returns what completes when that has been stored; at once if it never was begun. */
  CompletionStage<?> storing() {
    return storing;
  }

  /** Whether the call is part of another's. */
  boolean isInner() {
    return outer != null;
  }

  /** Returns what the load brought; null if there was none. */
  public @Nullable Loaded loaded() {
    return loaded;
  }

  /** Returns where the answer came from. */
  public Source source() {
    return source;
  }
}
