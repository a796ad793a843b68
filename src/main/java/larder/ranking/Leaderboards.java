package larder.ranking;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;

/** The leaderboards of an application. Thread-safe. */
public final class Leaderboards {

  private final RedisCalls calls;
  private final Keyspace keyspace;
  private final int capacity;
  private final Map<String, Leaderboard> boards = new ConcurrentSkipListMap<>();
  private final List<Consumer<Leaderboard>> observers = new CopyOnWriteArrayList<>();

  /**
   * @param capacity so many members are kept of each step of a window at least
   */
  public Leaderboards(RedisCalls calls, Keyspace keyspace, int capacity) {
    this.calls = calls;
    this.keyspace = keyspace;
    this.capacity = capacity;
  }

  /**
   * Makes a board.
   *
   * @throws IllegalArgumentException if there is one of this name
   */
  public synchronized Leaderboard create(String name, Window... windows) {
    Leaderboard board = new Leaderboard(calls, keyspace, name, List.of(windows), capacity);
    if (boards.putIfAbsent(name, board) != null) {
      throw new IllegalArgumentException("There is a leaderboard '%s' already".formatted(name));
    }
    observers.forEach(observer -> observer.accept(board));
    return board;
  }

  /** Tells of each board, made already or later. */
  synchronized void observe(Consumer<Leaderboard> observer) {
    observers.add(observer);
    boards.values().forEach(observer);
  }
}
