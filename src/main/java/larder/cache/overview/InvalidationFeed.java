package larder.cache.overview;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import larder.cache.log.Author;
import larder.cache.log.Author.Cause;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.overview.FeedLine.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The last invalidations that this node has applied.
 *
 * <p>What happens on the applier's thread is one step into a ring; names are looked up by whoever
 * asks. Thread-safe.
 */
public final class InvalidationFeed implements FollowerListener {

  private static final int KEPT = 200;
  private static final int MOST_TAGS = 64;

  private final Clock clock;
  private final Deque<Told> ring = new ArrayDeque<>();

  public InvalidationFeed(Clock clock) {
    this.clock = clock;
  }

  /** What was applied, without names. */
  private record Told(
      Position at,
      Instant when,
      boolean replayed,
      Kind kind,
      Tags tags,
      int left,
      @Nullable Object change,
      @Nullable Author author) {

    /** Joins what two records tell of one change; who made it knows more than who found it. */
    Told with(Told earlier) {
      boolean found = author == null || author.causes().contains(Cause.OUTBOX);
      return new Told(
          earlier.at,
          earlier.when,
          earlier.replayed,
          kind,
          tags.and(earlier.tags),
          Math.max(left, earlier.left),
          change,
          found && earlier.author != null ? earlier.author : author);
    }
  }

  @Override
  public void applied(Position at, LogRecord record, boolean replayed) {
    Instant now = clock.instant();
    add(
        record instanceof Invalidation told
            ? told(at, now, replayed, told)
            : new Told(at, now, replayed, Kind.EVERYTHING, Tags.NONE, 0, null, null));
  }

  private static Told told(Position at, Instant now, boolean replayed, Invalidation record) {
    Tags tags = record.tags();
    int kept = Math.min(tags.size(), MOST_TAGS);
    Tags first =
        kept == tags.size()
            ? tags
            : Tags.ofHashes(LongStream.range(0, kept).map(i -> tags.hash((int) i)).toArray());
    return new Told(
        at,
        now,
        replayed,
        Kind.NAMED,
        first,
        tags.size() - kept,
        record.transaction(),
        record.author());
  }

  @Override
  public void newHistory(Position position) {
    add(lost(position, Kind.NEW_HISTORY));
  }

  @Override
  public void gap(Position from, Position to) {
    add(lost(to, Kind.GAP));
  }

  private Told lost(Position at, Kind kind) {
    return new Told(at, clock.instant(), false, kind, Tags.NONE, 0, null, null);
  }

  private synchronized void add(Told told) {
    ring.addLast(told);
    if (ring.size() > KEPT) {
      ring.removeFirst();
    }
  }

  private synchronized List<Told> newestFirst() {
    List<Told> all = new ArrayList<>(ring.size());
    ring.descendingIterator().forEachRemaining(all::add);
    return all;
  }

  /** Returns the lines, the newest first; records of one change as one line. */
  List<FeedLine> lines(TagWords.Known known) {
    Map<Object, Told> changes = new LinkedHashMap<>();
    for (Told told : newestFirst()) {
      Object change = told.change == null ? told : told.change;
      changes.merge(change, told, Told::with);
    }
    return changes.values().stream().map(told -> line(told, known)).toList();
  }

  private static FeedLine line(Told told, TagWords.Known known) {
    TagWords.Named named = known.words(told.tags);
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    if (told.author != null) {
      causes.addAll(told.author.causes());
    }
    return new FeedLine(
        told.at,
        told.when,
        told.replayed,
        told.kind,
        named.words(),
        named.unnamed() + told.left,
        causes,
        told.author == null ? null : told.author.node());
  }
}
