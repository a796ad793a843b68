package larder.history;

import java.util.List;
import java.util.Locale;
import larder.history.node.Stamped;

/**
 * A read that was older than it may be.
 *
 * @param read the read
 * @param row the row as it was seen
 * @param expected the stamp that it should have shown, at least
 * @param author who wrote the first stamp that it did not show
 * @param nanos the time from the finish of the oldest commit that it did not show to its begin
 * @param own whether the missing commit was made on the reading node itself
 * @param faults what was wrong when the read began
 */
record Violation(
    SeenRead read,
    Stamped row,
    long expected,
    String author,
    long nanos,
    boolean own,
    List<String> faults) {

  /** Returns this as a line, its instant counted from {@code start}. */
  String text(long start) {
    return String.format(
        Locale.ROOT,
        "%s: row %d showed %d, not %d, %.1f ms after %d (%s) was finished;"
            + " node %d, %s, %s, at %.3f s for %.1f ms; faults: %s",
        own ? "OWN WRITE UNSEEN" : "STALE",
        row.id(),
        row.stamp(),
        expected,
        nanos / 1e6,
        row.stamp() + 1,
        author,
        read.node(),
        read.kind(),
        read.source(),
        (read.begin() - start) / 1e9,
        (read.end() - read.begin()) / 1e6,
        faults.isEmpty() ? "none" : String.join(", ", faults));
  }
}
