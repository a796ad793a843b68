package larder.cache.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import larder.cache.LarderProperties.Triggers;
import larder.cache.log.Source;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.tracking.MappedTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The relay at work: one thread that waits for commits and takes {@linkplain RelayTurn turns}.
 *
 * <p>When it starts it asks the database, once, whether there is an outbox. If so the node relies
 * on it from then on; if not, on the log alone, which is said. As long as the database does not
 * answer the node relies on what it does not know yet, and claims nothing.
 *
 * <p>Any number of nodes may run one. A turn is due at a commit that notifies, and otherwise when
 * no heartbeat of the database was heard for a while, be it of another node's relay. Once a minute
 * the {@linkplain Watch triggers are looked at} and what every log has had is removed.
 */
public final class OutboxRelay implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

  private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(250);
  private static final long HOUSEKEEPING_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SAMPLING_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Commits within so short a time share a turn. */
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final RelayConnection connection;
  private final LogFollower follower;
  private final Duration interval;
  private final RelayTurn turns;
  private final Watch watch;
  private volatile RelayState state = new RelayState(RelayState.Level.UNDECIDED, null);
  private volatile @Nullable Thread running;
  private volatile boolean stopping;
  private @Nullable String system;
  private long housekeptNanos;
  private long sampledNanos = System.nanoTime() - SAMPLING_NANOS;
  private volatile OptionalLong sampledDepth = OptionalLong.empty();

  OutboxRelay(
      RelayConnection connection,
      LogService service,
      LogFollower follower,
      String application,
      Watch watch) {
    this.connection = connection;
    this.follower = follower;
    this.interval = service.heartbeatInterval();
    this.turns = new RelayTurn(service, follower, application, interval.toNanos() / 3);
    this.watch = watch;
  }

  /**
   * A relay of a database.
   *
   * @param own opens connections beside the application's pool; null if there is no such way
   * @param pool lends the application's connections
   * @param application what tells this log from others on the database
   * @param tables what should be watched; asked at each look
   * @param triggers what to do about tables that are not
   * @param watched takes which are
   */
  public static OutboxRelay of(
      @Nullable DataSource own,
      DataSource pool,
      LogService service,
      LogFollower follower,
      String application,
      Supplier<List<MappedTable>> tables,
      Triggers triggers,
      WatchedTables watched) {
    return new OutboxRelay(
        new RelayConnection(own, pool),
        service,
        follower,
        application,
        new Watch(tables, triggers, watched));
  }

  /** Returns how this relay stands. */
  public RelayState state() {
    return state;
  }

  /** Asks the database what there is, and works on with the answer in a thread of its own. */
  @Override
  public void start() {
    stopping = false;
    attempt(this::decide);
    if (state.level() == RelayState.Level.LOG) {
      connection.close();
      return;
    }
    Thread thread = new Thread(this::run, "larder-relay");
    thread.setDaemon(true);
    running = thread;
    thread.start();
  }

  private void run() {
    while (running == Thread.currentThread() && state.level() != RelayState.Level.LOG) {
      attempt(state.level() == RelayState.Level.OUTBOX ? this::waitAndRelay : this::decide);
    }
    connection.close();
  }

  private interface Step {
    void take() throws SQLException, InterruptedException;
  }

  private void attempt(Step step) {
    try {
      step.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = null;
    } catch (SQLException | RuntimeException e) {
      log.debug("A turn of the outbox relay failed", e);
      failed(String.valueOf(e.getMessage()));
    } catch (Error e) {
      log.error("A turn of the outbox relay failed; the next one follows", e);
      failed(e.toString());
    }
  }

  private void failed(String trouble) {
    connection.close();
    sampledDepth = OptionalLong.empty();
    say(trouble);
    if (running == Thread.currentThread()) {
      rest();
    }
  }

  private static void rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(REST_AFTER_FAILURE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void decide() throws SQLException {
    Optional<String> missing = connection.use(OutboxLevel::missing);
    if (missing.isEmpty()) {
      relyOnTheOutbox();
    } else {
      log.info("The log alone keeps caches current: {}", missing.get());
      follower.relyOn(Source.LOG);
      state = new RelayState(RelayState.Level.LOG, null);
    }
  }

  private void relyOnTheOutbox() throws SQLException {
    String found = connection.use(OutboxLevel::system);
    housekeep();
    follower.relyOn(new Source(found, 0));
    system = found;
    state = new RelayState(RelayState.Level.OUTBOX, null);
    log.info("The outbox keeps caches current, whoever writes");
  }

  private void waitAndRelay() throws SQLException, InterruptedException {
    boolean woken = connection.await(interval);
    if (System.nanoTime() - sampledNanos >= SAMPLING_NANOS) {
      sampleDepth();
    }
    if (woken || !follower.heardWithin(interval.toNanos())) {
      TimeUnit.NANOSECONDS.sleep(woken ? SHORTEST_PAUSE_NANOS : 0);
      String known = Objects.requireNonNull(system);
      connection.work(database -> say(turns.take(database, known)));
    }
    if (System.nanoTime() - housekeptNanos >= HOUSEKEEPING_NANOS) {
      housekeep();
    }
  }

  private void housekeep() throws SQLException {
    housekeptNanos = System.nanoTime();
    connection.work(
        database -> {
          watch.look(database);
          turns.purge(database);
        });
  }

  private void sampleDepth() throws SQLException {
    sampledNanos = System.nanoTime();
    connection.work(database -> sampledDepth = OptionalLong.of(turns.depth(database)));
  }

  /**
   * Returns how many rows of the outbox this node's log had not had a few seconds ago; empty if
   * that is not known.
   */
  public OptionalLong sampledDepth() {
    return sampledDepth;
  }

  /** Returns how many rows of the outbox this node's log has not had; beyond 10,000, one more. */
  public long depth(Connection database) throws SQLException {
    return turns.depth(database);
  }

  private void say(@Nullable String trouble) {
    if (stopping) {
      return;
    }
    RelayState before = state;
    state = new RelayState(before.level(), trouble);
    if (trouble != null && before.trouble() == null) {
      log.warn(
          "The outbox relay cannot work: {}. Without another node's, caches are not current",
          trouble);
    } else if (trouble == null && before.trouble() != null) {
      log.info("The outbox relay works again");
    }
  }

  @Override
  public void stop() {
    stopping = true;
    Thread stopped = running;
    running = null;
    if (stopped != null) {
      stopped.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running != null;
  }

  /** After the log, before everything that may serve calls. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 2;
  }
}
