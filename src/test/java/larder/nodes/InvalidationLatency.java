package larder.nodes;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** How long after a commit on one node the other still answers what was before. */
final class InvalidationLatency {

  private InvalidationLatency() {}

  /** Changes an item on one node while the other reads it; nanoseconds, 0 if it was at once. */
  static long measure(Fleet fleet, Node writer, Node reader, long id, String text) {
    reader.items().find(id);
    AtomicLong committed = new AtomicLong();
    writer.hooks().afterReading("written " + id, () -> committed.set(System.nanoTime()));
    Gate reading = new Gate();
    Future<Long> seen = fleet.call(() -> firstReadOf(reader, id, text, reading));
    reading.awaitReached();
    writer.items().write(id, text);
    return Math.max(0, Fleet.answer(seen) - committed.get());
  }

  /** Returns when the first read that brought the text began. */
  private static long firstReadOf(Node reader, long id, String text, Gate reading) {
    reading.open();
    long began = System.nanoTime();
    while (!reader.items().find(id).text().equals(text)) {
      reading.pass();
      began = System.nanoTime();
    }
    return began;
  }
}
