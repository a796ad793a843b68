package larder.cache.tracking;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns what loads read into what their values depend on. Thread-safe. */
public final class ReadTracking {

  private final int mostRows;
  private final Consumer<Reads> heldAlready;
  private final Predicate<String> watched;
  private final boolean sees;

  /**
   * @param mostRows rows of one table beyond which a value depends on the table
   * @param heldAlready adds what the persistence contexts of this thread hold already, and may show
   *     without a further read
   * @param watched whether changes of a table become known, whoever makes them
   * @param sees whether reads are seen at all; where they are not, values depend on what is
   *     declared, and nothing is missed in another thread
   */
  public ReadTracking(
      int mostRows, Consumer<Reads> heldAlready, Predicate<String> watched, boolean sees) {
    this.mostRows = mostRows;
    this.heldAlready = heldAlready;
    this.watched = watched;
    this.sees = sees;
  }

  /** A load goes on in another thread, where it may read. */
  public void leavesThread(Reads reads) {
    if (sees) {
      reads.leavesThread();
    }
  }

  /** Begins to collect what a load reads. */
  public Reads begin() {
    Reads reads = new Reads(mostRows);
    heldAlready.accept(reads);
    return reads;
  }

  /**
   * Returns what the value of a load depends on.
   *
   * @param declared the tables that the developer has named; null if none were asked for, so that
   *     what was read unseen remains unknown
   */
  public Dependencies conclude(Reads reads, @Nullable Collection<String> declared) {
    if (declared != null) {
      declared.forEach(reads::table);
    }
    Set<String> unknown = declared == null ? reads.unknown() : new LinkedHashSet<>();
    for (String table : reads.tables()) {
      if (!watched.test(table)) {
        unknown.add("table " + table + ", whose changes by others are not watched");
      }
    }
    return new Dependencies(reads.tags(), unknown);
  }
}
