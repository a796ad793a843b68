package larder.history;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.CachedCall.Source;
import larder.dev.servers.ChildJvm;
import larder.dev.servers.Database;
import larder.history.node.Journal;
import larder.history.node.NodeProgram;
import larder.history.node.ReadKind;
import larder.history.node.Stamped;
import larder.history.node.WatchedDriver;
import larder.history.node.WriteKind;
import larder.topologies.Link;
import org.jspecify.annotations.Nullable;

/**
 * One node: a process that is killed and started again, and its two links, which stay.
 *
 * <p>Its methods are called by one thread at a time.
 */
final class NodeProcess implements AutoCloseable {

  private static final AtomicInteger LIVES = new AtomicInteger();
  private static final int STARTS = 10;
  private static final long START_SECONDS = 90;
  private static final long END_SECONDS = 20;
  private static final long STUCK_SECONDS = 20;

  private final int number;
  private final Link toRedis;
  private final Link toPostgres;
  private final List<String> command;
  private final Path log;
  private final History history;
  private @Nullable Life life;

  NodeProcess(
      int number, Servers servers, Map<String, String> settings, Path log, History history) {
    this.number = number;
    this.toRedis = new Link(servers.redis().port());
    this.toPostgres = new Link(servers.postgresPort());
    this.log = log;
    this.history = history;
    this.command = command(servers.database(), settings);
  }

  private List<String> command(Database database, Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(defaults(database));
    all.putAll(settings);
    // What the JVM itself has to say would end up in the journal.
    List<String> words =
        ChildJvm.command(NodeProgram.class, "-Xmx192m", "-Xss512k", "-XX:+DisplayVMOutputToStderr");
    all.forEach((name, value) -> words.add("--" + name + "=" + value));
    return words;
  }

  private Map<String, String> defaults(Database database) {
    return Map.ofEntries(
        entry("spring.config.location", "optional:classpath:/none/"),
        entry("spring.application.name", "history"),
        entry("spring.main.banner-mode", "off"),
        entry("spring.main.web-application-type", "none"),
        entry("spring.flyway.enabled", "false"),
        entry("spring.jpa.hibernate.ddl-auto", "none"),
        entry("spring.data.jpa.repositories.enabled", "false"),
        entry("spring.data.redis.repositories.enabled", "false"),
        entry("spring.data.redis.url", "redis://127.0.0.1:" + toRedis.port()),
        entry("spring.datasource.driver-class-name", WatchedDriver.class.getName()),
        entry("spring.datasource.url", url()),
        entry("spring.datasource.username", database.user()),
        entry("spring.datasource.password", database.password()),
        entry("spring.datasource.hikari.maximum-pool-size", "8"),
        entry("spring.datasource.hikari.connection-timeout", "1000"),
        entry("spring.datasource.hikari.validation-timeout", "500"),
        entry("spring.datasource.hikari.initialization-fail-timeout", "10000"),
        // A busy machine's Redis may take longer than the default, which would cost loads.
        entry("larder.remote.deadline", "250ms"));
  }

  /** By its number at the database a node is told from the others. */
  private String url() {
    return "jdbc:postgresql://127.0.0.1:%d/history?options=-c%%20history.node=%d&%s"
        .formatted(toPostgres.port(), number, "socketTimeout=3&connectTimeout=2");
  }

  /** One process of the node, and what it tells. */
  private final class Life implements Journal.Listener {

    private final int ordinal = LIVES.incrementAndGet();
    private final long startNanos = System.nanoTime();
    private final CountDownLatch greeted = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final Process process;
    private final Thread listening;
    private volatile @Nullable String complaint;
    private boolean killed;

    Life() throws IOException {
      process = new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start();
      listening = new Thread(this::listen, "history-node-" + number);
      listening.setDaemon(true);
      listening.start();
    }

    private void listen() {
      try (InputStream out = process.getInputStream()) {
        Journal.listen(out, this);
      } catch (IOException e) {
        complaint = "The journal cannot be read: " + e.getMessage();
      }
    }

    @Override
    public void hello(long nanos) {
      if (nanos - startNanos < 0 || System.nanoTime() - nanos < 0) {
        complaint =
            "The clocks of processes must be one here, node %d says %d between %d and %d"
                .formatted(number, nanos, startNanos, System.nanoTime());
      }
      greeted.countDown();
    }

    @Override
    public void read(ReadKind kind, Source source, long begin, long end, List<Stamped> rows) {
      history.read(new SeenRead(number, ordinal, kind, source, begin, end, rows));
    }

    @Override
    public void returned(WriteKind kind, long nanos, List<Stamped> rows) {
      history.returned(ordinal, nanos, rows);
    }

    @Override
    public void finished(WriteKind kind, long nanos, List<Stamped> rows) {
      history.finished(kind, number, nanos, rows);
    }

    @Override
    public void failed(boolean write) {
      history.failed(write);
    }

    @Override
    public void stuck() {
      stuck.countDown();
    }

    boolean isGreeted() throws InterruptedException {
      long until = startNanos + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (process.isAlive() && System.nanoTime() - until < 0) {
        if (greeted.await(50, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
      return false;
    }

    /** Has the process tell everything; false if it does not end. */
    boolean end() throws InterruptedException {
      order(NodeProgram.END);
      return process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    }

    void order(int order) {
      try {
        process.getOutputStream().write(order);
        process.getOutputStream().flush();
      } catch (IOException e) {
        throw new UncheckedIOException("Node %d takes no orders".formatted(number), e);
      }
    }
  }

  /** Starts the process, so that {@link #awaitRunning} can wait for it. */
  void launch() {
    try {
      life = new Life();
    } catch (IOException e) {
      throw new UncheckedIOException("Node %d cannot be started".formatted(number), e);
    }
  }

  /** Returns when the application runs, started again while its servers do not let it start. */
  void awaitRunning() throws InterruptedException {
    for (int i = 0; i < STARTS; i++) {
      if (living().isGreeted()) {
        return;
      }
      living().process.destroyForcibly();
      launch();
    }
    throw new IllegalStateException("Node %d does not start, see %s".formatted(number, log));
  }

  /** Has it read and write. */
  void go() {
    living().order(NodeProgram.GO);
  }

  /** Ends the process as a crash does. */
  void kill() throws InterruptedException {
    Life killed = living();
    killed.killed = true;
    killed.process.destroyForcibly().waitFor();
    killed.listening.join();
  }

  /** The same, once a writer of it stands between its commit and its append. */
  void killBeforeAppend() throws InterruptedException {
    living().order(NodeProgram.ARM);
    living().stuck.await(STUCK_SECONDS, TimeUnit.SECONDS);
    kill();
  }

  void suspend() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  Link toRedis() {
    return toRedis;
  }

  Link toPostgres() {
    return toPostgres;
  }

  /**
   * Has the process tell everything and end, unless it was killed; throws if there is something to
   * complain of.
   */
  void end() throws InterruptedException {
    Life ending = living();
    boolean ended = ending.killed || ending.end();
    ending.process.destroyForcibly().waitFor();
    ending.listening.join();
    String complaint = ending.complaint;
    if (!ended || complaint != null) {
      throw new IllegalStateException(
          complaint == null ? "Node %d does not end, see %s".formatted(number, log) : complaint);
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, "" + living().process.pid()).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException("A node cannot be sent signal " + name, e);
    }
  }

  private Life living() {
    Life now = life;
    if (now == null) {
      throw new IllegalStateException("Node %d was not launched".formatted(number));
    }
    return now;
  }

  @Override
  public void close() {
    if (life != null) {
      life.process.destroyForcibly();
    }
    toRedis.close();
    toPostgres.close();
  }
}
