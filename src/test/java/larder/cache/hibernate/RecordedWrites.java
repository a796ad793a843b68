package larder.cache.hibernate;

import java.util.ArrayList;
import java.util.List;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Writes;

/** What was told to be written, in order. */
final class RecordedWrites implements Writes {

  private final List<String> told = new ArrayList<>();
  private final List<String> newKeys = new ArrayList<>();

  @Override
  public synchronized void row(String table, String id, boolean newKey) {
    told.add(DataTags.bare(table) + ":" + id);
    if (newKey) {
      newKeys.add(DataTags.bare(table) + ":" + id);
    }
  }

  @Override
  public synchronized void table(String table) {
    told.add(DataTags.bare(table));
  }

  @Override
  public synchronized void unknown(String what) {
    told.add("? " + what);
  }

  /** Returns what was told since this was asked last. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(told);
    told.clear();
    return taken;
  }

  /** Returns the rows that were told to have a new unique key since this was asked last. */
  synchronized List<String> takeNewKeys() {
    List<String> taken = List.copyOf(newKeys);
    newKeys.clear();
    return taken;
  }

  @Override
  public Writes committed() {
    return this;
  }
}
