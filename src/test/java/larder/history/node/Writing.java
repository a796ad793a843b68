package larder.history.node;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One write of one thread: what it raised, and who hears of its commit.
 *
 * <p>Bound to the thread, so that {@link WatchedDriver} finds it below everything that stands
 * between the service and the database.
 */
final class Writing {

  private static final ThreadLocal<@Nullable Writing> CURRENT = new ThreadLocal<>();

  /** Hears of a commit, right after the database has answered it. */
  @FunctionalInterface
  interface CommitListener {
    void committed(Writing writing, long sentNanos, long finishedNanos);
  }

  private final WriteKind kind;
  private final CommitListener listener;
  private final List<Stamped> raised = new ArrayList<>();

  private Writing(WriteKind kind, CommitListener listener) {
    this.kind = kind;
    this.listener = listener;
  }

  /** Begins a write in this thread. */
  static Writing begin(WriteKind kind, CommitListener listener) {
    Writing writing = new Writing(kind, listener);
    CURRENT.set(writing);
    return writing;
  }

  /** Ends the write in this thread. */
  static void end() {
    CURRENT.remove();
  }

  /** Returns the write of this thread; null if there is none. */
  static @Nullable Writing current() {
    return CURRENT.get();
  }

  /** Takes note of a row as the transaction has raised it. */
  void raised(Stamped row) {
    raised.add(row);
  }

  void committed(long sentNanos, long finishedNanos) {
    if (!raised.isEmpty()) {
      listener.committed(this, sentNanos, finishedNanos);
    }
  }

  WriteKind kind() {
    return kind;
  }

  List<Stamped> rows() {
    return raised;
  }
}
