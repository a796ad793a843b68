package larder.cache.tracking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import larder.cache.log.Tags;
import org.jspecify.annotations.Nullable;

/**
 * What one load reads from the database: the tags of its value, and what could not be named.
 *
 * <p>Whoever sees a read tells the {@link #current} one. Loads nest as the calls do; what an inner
 * one reads reaches the outer one with the inner one's value. Thread-safe; a load that goes on in
 * another thread {@linkplain #resume takes} its reads along.
 */
public final class Reads {

  private static final ThreadLocal<@Nullable Collecting> CURRENT = new ThreadLocal<>();

  private final int mostRows;
  private final Set<String> tables = new LinkedHashSet<>();
  private final Map<String, Set<String>> rows = new LinkedHashMap<>();
  private final Map<String, Set<String>> absent = new LinkedHashMap<>();
  private final Set<String> byKey = new LinkedHashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();
  private final Thread thread = Thread.currentThread();
  private final List<Reads> apart = new ArrayList<>(0);
  private boolean keptPrivate;
  private boolean leftThread;
  private boolean followed;
  private final Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param mostRows rows of one table beyond which a value depends on the table
   */
  public Reads(int mostRows) {
    this.mostRows = mostRows;
  }

  /** Who collects what a thread reads. */
  private record Collecting(Reads reads, Reads statements) {}

  /**
   * Returns what collects the reads of this thread now, other than those of plain statements; null
   * if nothing does.
   */
  public static @Nullable Reads current() {
    Collecting now = CURRENT.get();
    return now == null ? null : now.reads;
  }

  /**
   * Returns what collects what plain statements of this thread read now; null if nothing does.
   *
   * <p>It is the {@link #current} one but for a load whose value depends on no more than its key
   * and its time: what its statements read is {@linkplain #apart apart}. What an object-relational
   * mapper reads counts for whoever is around, who may meet it again.
   */
  public static @Nullable Reads ofStatements() {
    Collecting now = CURRENT.get();
    return now == null ? null : now.statements;
  }

  /**
   * Collects the reads of this thread until the span is closed, and nothing for whatever collected
   * them before.
   */
  public Span resume() {
    return bound(new Collecting(this, this));
  }

  private static Span bound(Collecting next) {
    Collecting before = CURRENT.get();
    CURRENT.set(next);
    next.reads.follow();
    next.statements.follow();
    return () -> bind(before);
  }

  /**
   * Collects what plain statements of this thread read, until the span is closed, apart from what
   * collected them before, which then gets it unless the span was {@linkplain Apart#keep told} to
   * keep it.
   *
   * @return null if nothing collects them
   */
  public static @Nullable Apart apart() {
    Collecting now = CURRENT.get();
    if (now == null) {
      return null;
    }
    Reads own = new Reads(now.statements.mostRows);
    now.statements.open(own);
    return new Apart(own, now.statements, bound(new Collecting(now.reads, own)));
  }

  /** What the statements of a load read while nobody around depends on it. */
  public static final class Apart implements Span {

    private final Reads own;
    private final Reads around;
    private final Span span;
    private boolean kept;

    private Apart(Reads own, Reads around, Span span) {
      this.own = own;
      this.around = around;
      this.span = span;
    }

    /** The load has brought its value: what it read stays its own. */
    public void keep() {
      kept = true;
    }

    @Override
    public void close() {
      span.close();
      around.closed(own, kept);
    }
  }

  private synchronized void open(Reads own) {
    apart.add(own);
  }

  private synchronized void closed(Reads own, boolean kept) {
    apart.removeIf(one -> one == own);
    if (!kept) {
      own.tables().forEach(this::table);
      own.unknown().forEach(this::unknown);
    }
    if (own.isPrivate()) {
      keepPrivate();
    }
  }

  /** Returns a task that another thread may run, as part of what this thread reads now. */
  public static Runnable carriedBy(Runnable task) {
    Collecting now = CURRENT.get();
    return now == null
        ? task
        : () -> {
          Span span = now.reads.resume();
          try {
            task.run();
          } finally {
            span.close();
          }
        };
  }

  /** Has nothing collect the reads of this thread until the span is closed. */
  public static Span pause() {
    Collecting before = CURRENT.get();
    CURRENT.remove();
    return () -> bind(before);
  }

  private static void bind(@Nullable Collecting collecting) {
    if (collecting == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(collecting);
    }
  }

  /** The time in which a thread's reads are collected; closed by the thread that opened it. */
  @FunctionalInterface
  public interface Span extends AutoCloseable {

    @Override
    void close();
  }

  /**
   * A row was read by its id and by nothing else.
   *
   * @param id the id as the database writes it as text
   */
  public synchronized void row(String table, String id) {
    String name = DataTags.bare(table);
    if (tables.contains(name)) {
      return;
    }
    add(rows, name, id);
  }

  /**
   * A row was found by a unique key of its table and by nothing else. Another row may have the key
   * only after this one was changed, which ends the value; but whoever gives it to another must not
   * find this one though nobody here has heard yet of what happened to it.
   *
   * @param id the id as the database writes it as text
   */
  public synchronized void rowByKey(String table, String id) {
    row(table, id);
    byKey.add(DataTags.bare(table));
  }

  /** A row was asked for by its id, and there is none: nothing depends on less than the table. */
  public synchronized void absent(String table, String id) {
    String name = DataTags.bare(table);
    if (!tables.contains(name)) {
      add(absent, name, id);
    }
  }

  private void add(Map<String, Set<String>> to, String name, String id) {
    Set<String> ids = to.computeIfAbsent(name, unused -> new LinkedHashSet<>());
    ids.add(id);
    if (ids.size() > mostRows) {
      table(name);
    }
  }

  /** A table was read otherwise than by the ids of its rows, or did not hold what was asked for. */
  public synchronized void table(String table) {
    String name = DataTags.bare(table);
    rows.remove(name);
    absent.remove(name);
    tables.add(name);
  }

  /** What was read may be what nobody else ever sees: its value is for its caller alone. */
  public synchronized void keepPrivate() {
    keptPrivate = true;
  }

  /** Whether the value is for its caller alone. */
  public synchronized boolean isPrivate() {
    return keptPrivate;
  }

  /**
   * Something was read of which it is not known what.
   *
   * @param what a few words for the developer, such as the statement; no values
   */
  public synchronized void unknown(String what) {
    unknown.add(what);
  }

  /**
   * Returns whether this load meets an object for the first time, such as a persistence context
   * that may hold what was read before.
   */
  public synchronized boolean meets(Object context) {
    return met.add(context);
  }

  /** Returns the tags of all that was read so far, also of what may yet stay apart. */
  public synchronized Tags tags() {
    Tags.Builder tags = new Tags.Builder();
    texts().forEach(tags::add);
    apart.forEach(own -> own.texts().forEach(tags::add));
    return tags.build();
  }

  /** Returns the texts of the tags of all that was read so far. */
  synchronized List<String> texts() {
    List<String> texts = new ArrayList<>();
    tables.forEach(table -> texts.add(DataTags.table(table)));
    absent.keySet().forEach(table -> texts.add(DataTags.table(table)));
    rows.forEach((table, ids) -> addRows(table, ids, texts));
    return texts;
  }

  private void addRows(String table, Set<String> ids, List<String> texts) {
    if (!absent.containsKey(table)) {
      texts.add(DataTags.all(table));
      addKeys(table, texts);
      ids.forEach(id -> texts.add(DataTags.row(table, id)));
    }
  }

  private void addKeys(String table, List<String> texts) {
    if (byKey.contains(table)) {
      texts.add(DataTags.keys(table));
    }
  }

  /**
   * Returns the tags of what one of several values depends on, of which it is said that it shows no
   * other row of some tables than its own.
   *
   * @param ownRows the names of those tables
   * @param id the id of the value, and of its rows
   * @return null if there are no such tables, or if it was not seen that its row of each of them
   *     was read by the id, or was not there: then the value depends on all that was read
   */
  public synchronized @Nullable Tags tagsOfPart(Collection<String> ownRows, String id) {
    Set<String> own = new LinkedHashSet<>();
    ownRows.forEach(table -> own.add(DataTags.bare(table)));
    if (own.isEmpty() || !own.stream().allMatch(table -> isRead(table, id))) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    tables.forEach(table -> texts.add(DataTags.table(table)));
    absent.forEach(
        (table, ids) -> {
          if (!own.contains(table) || ids.contains(id)) {
            texts.add(DataTags.table(table));
          }
        });
    rows.forEach(
        (table, ids) -> {
          if (!own.contains(table)) {
            addRows(table, ids, texts);
          } else if (ids.contains(id)) {
            texts.add(DataTags.all(table));
            addKeys(table, texts);
            texts.add(DataTags.row(table, id));
          }
        });
    Tags.Builder tags = new Tags.Builder();
    texts.forEach(tags::add);
    return tags.build();
  }

  private boolean isRead(String table, String id) {
    return rows.getOrDefault(table, Set.of()).contains(id)
        || absent.getOrDefault(table, Set.of()).contains(id);
  }

  /** Returns of how many rows by their ids each table was read; 0 for a table read otherwise. */
  synchronized Map<String, Integer> rowCounts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    rows.forEach((table, ids) -> counts.put(table, ids.size()));
    absent.keySet().forEach(table -> counts.put(table, 0));
    tables.forEach(table -> counts.put(table, 0));
    return counts;
  }

  /** Returns the names of all tables that were read so far. */
  public synchronized Set<String> tables() {
    Set<String> all = new LinkedHashSet<>(tables);
    all.addAll(rows.keySet());
    all.addAll(absent.keySet());
    return all;
  }

  /** The load goes on in another thread, and may read there. */
  synchronized void leavesThread() {
    leftThread = true;
  }

  private void follow() {
    if (Thread.currentThread() != thread) {
      synchronized (this) {
        followed = true;
      }
    }
  }

  /** Returns what was read and could not be named; empty if all could. */
  public synchronized Set<String> unknown() {
    Set<String> all = new LinkedHashSet<>(unknown);
    if (leftThread && !followed) {
      all.add("what another thread reads");
    }
    return all;
  }
}
