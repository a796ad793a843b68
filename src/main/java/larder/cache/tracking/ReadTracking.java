package larder.cache.tracking;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns what loads read into what their values depend on. Thread-safe. */
public final class ReadTracking {

  private final int mostRows;
  private final DatabaseReads database;
  private final Predicate<String> watched;

  /**
   * @param mostRows rows of one table beyond which a value depends on the table
   * @param database how reads are seen; where they are not, values depend on what is declared
   * @param watched whether changes of a table become known, whoever makes them
   */
  public ReadTracking(int mostRows, DatabaseReads database, Predicate<String> watched) {
    this.mostRows = mostRows;
    this.database = database;
    this.watched = watched;
  }

  /** A load goes on in another thread, where it may read. */
  public void leavesThread(Reads reads) {
    if (database.areSeen()) {
      reads.leavesThread();
    }
  }

  /** Begins to collect what a load reads. */
  public Reads begin() {
    return begin(0);
  }

  /**
   * Begins to collect what a load of several values reads.
   *
   * @param more how many more rows of a table are told one by one
   */
  public Reads begin(int more) {
    Reads reads = new Reads(mostRows + more);
    database.addHeld(reads);
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
        unknown.add(
            "table " + table + ", whose changes by others are not watched (larder.outbox.tables)");
      }
    }
    return new Dependencies(reads.tags(), unknown);
  }
}
