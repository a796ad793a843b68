package larder.cache.log;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The texts of tags that this process has met lately, by their hashes, for people who look at
 * records and entries.
 *
 * <p>A table of a fixed size, in which a new text takes the place of another. Noting takes no lock;
 * it is done where something is loaded or changed, never where a value is found. Thread-safe.
 */
public final class TagNames {

  private static final int MOST = 1 << 14;
  private static final int LONGEST = 200;

  private final AtomicReferenceArray<@Nullable Named> table = new AtomicReferenceArray<>(MOST);

  private record Named(long hash, String text) {}

  /** Notes a tag that was met. What is very long is not kept. */
  public void note(String text) {
    if (text.length() <= LONGEST) {
      long hash = Tags.hash(text);
      int slot = slot(hash);
      Named held = table.get(slot);
      if (held == null || held.hash != hash) {
        table.set(slot, new Named(hash, text));
      }
    }
  }

  /** Returns the text of the tag with this hash; null if it was not met lately. */
  public @Nullable String of(long hash) {
    Named held = table.get(slot(hash));
    return held != null && held.hash == hash ? held.text : null;
  }

  private static int slot(long hash) {
    return (int) (hash & (MOST - 1));
  }
}
