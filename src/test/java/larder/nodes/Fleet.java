package larder.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Nodes on one Redis and one database with one table, and threads for their callers. */
final class Fleet implements AutoCloseable {

  private static final long LONGEST_SECONDS = 30;

  private final Database database = TestServers.freshDatabase();
  private final RedisServer redis;
  private final JdbcTemplate jdbc =
      new JdbcTemplate(
          new DriverManagerDataSource(database.url(), database.user(), database.password()));
  private final AtomicLong ids = new AtomicLong();
  private final ConcurrentLinkedQueue<Node> nodes = new ConcurrentLinkedQueue<>();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  Fleet(RedisServer redis) {
    this.redis = redis;
    jdbc.execute("create table item (id bigint primary key, text varchar not null)");
  }

  RedisServer redis() {
    return redis;
  }

  Database database() {
    return database;
  }

  /** Starts a node that lives as long as this. */
  Node start(Map<String, ?> settings, Class<?>... more) {
    Node node = Node.start(database, redis, settings, more);
    nodes.add(node);
    return node;
  }

  /** Adds rows with ids that follow each other, which no other rows have had; returns the first. */
  long newItems(int count) {
    long from = ids.getAndAdd(count) + 1;
    jdbc.update(
        "insert into item (id, text) select n, 'old' from generate_series(?, ?) n",
        from,
        from + count - 1);
    return from;
  }

  /** Adds a row and returns its id, which no other row has had. */
  long newItem(String text) {
    long id = ids.incrementAndGet();
    jdbc.update("insert into item (id, text) values (?, ?)", id, text);
    return id;
  }

  /** Adds rows, and returns their ids. */
  List<Long> newItems(int count, String text) {
    List<Object[]> rows = new ArrayList<>();
    List<Long> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long id = ids.incrementAndGet();
      added.add(id);
      rows.add(new Object[] {id, text});
    }
    jdbc.batchUpdate("insert into item (id, text) values (?, ?)", rows);
    return added;
  }

  /** Returns what the database says, to whoever asks from outside. */
  String committed(long id) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select text from item where id = ?", String.class, id));
  }

  /** Gives a setting to connections that the database takes from now on. */
  void changeDatabase(String setting, String value) {
    String name = jdbc.queryForObject("select current_database()", String.class);
    jdbc.execute("alter database %s set %s = '%s'".formatted(name, setting, value));
  }

  /** Whether there is a row. */
  boolean holds(long id) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select exists (select from item where id = ?)", Boolean.class, id));
  }

  /** Removes a row behind everybody's back. */
  void remove(long id) {
    jdbc.update("delete from item where id = ?", id);
  }

  /** Changes a row behind everybody's back. */
  void changeUnseen(long id, String text) {
    jdbc.update("update item set text = ? where id = ?", text, id);
  }

  /** Runs a statement behind everybody's back. */
  void unseen(String sql) {
    jdbc.execute(sql);
  }

  /** Has another thread call. */
  <T> Future<T> call(Supplier<T> call) {
    return callers.submit(call::get);
  }

  /** Has another thread run. */
  Future<?> run(Runnable call) {
    return callers.submit(call);
  }

  /** Returns what another thread's call answered, in good time. */
  static <T> T answer(Future<T> call) {
    try {
      return call.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("A call did not answer", e);
    }
  }

  @Override
  public void close() {
    callers.shutdownNow();
    nodes.forEach(Node::close);
  }
}
