package larder.cache.outbox;

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import larder.cache.log.Tags;
import org.jspecify.annotations.Nullable;

/** The tags of one transaction, collected from its rows in the outbox. */
final class OutboxRows {

  /** The text that stands for everything. */
  static final String EVERYTHING = "*";

  private final List<Long> hashes = new ArrayList<>();
  private boolean everything;

  /** Adds a row. */
  void add(@Nullable Array tags, @Nullable Array own) throws SQLException {
    if (tags != null) {
      for (Object text : (Object[]) tags.getArray()) {
        add((String) text);
      }
    }
    if (own != null) {
      for (Object hash : (Object[]) own.getArray()) {
        hashes.add((Long) hash);
      }
    }
  }

  private void add(@Nullable String text) {
    if (EVERYTHING.equals(text)) {
      everything = true;
    } else if (text != null) {
      hashes.add(Tags.hash(text));
    }
  }

  /** Whether everything may have changed. */
  boolean everything() {
    return everything;
  }

  /** Returns what was added. */
  Tags tags() {
    return Tags.ofHashes(hashes.stream().mapToLong(Long::longValue).toArray());
  }
}
