package larder.writebehind;

import java.lang.reflect.Method;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The buffers of this node, by name.
 *
 * <p>They are declared before the start. When the node stops, appending goes on, since Redis keeps
 * what comes; reading ends as the settings say. Without a buffer nothing is asked of Redis or of
 * the database.
 */
public final class WriteBehindBuffers implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(WriteBehindBuffers.class);

  private static final int EPOCH_BYTES = 16;
  private static final int NODE_BYTES = 4;

  private final RedisCalls calls;
  private final Keyspace keyspace;
  private final PlatformTransactionManager manager;
  private final WriteBehindProperties settings;
  private final Ledger ledger;
  private final SecureRandom secrets = new SecureRandom();
  private final String node = random(NODE_BYTES);
  private final Map<String, RunningBuffer> buffers = new TreeMap<>();
  private final Map<Method, RunningBuffer> methods = new HashMap<>();
  private final List<Consumer<RunningBuffer>> watchers = new ArrayList<>();
  private volatile boolean running;

  /**
   * @param manager the transactions of the database that sinks write to
   */
  public WriteBehindBuffers(
      RedisCalls calls,
      Keyspace keyspace,
      JdbcTemplate database,
      PlatformTransactionManager manager,
      WriteBehindProperties settings) {
    this.calls = calls;
    this.keyspace = keyspace;
    this.manager = manager;
    this.settings = settings;
    this.ledger = new Ledger(database, settings.lease());
  }

  private String random(int bytes) {
    byte[] drawn = new byte[bytes];
    secrets.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  /**
   * Adds a buffer, before the start.
   *
   * @throws IllegalStateException if another method has its name
   */
  public void declare(Declaration declaration, Sink sink) {
    RunningBuffer other = buffers.get(declaration.name());
    if (other != null) {
      throw new IllegalStateException(
          "Two methods write behind as %s: %s and %s"
              .formatted(declaration.name(), other.declaration().method(), declaration.method()));
    }
    RunningBuffer buffer = buffer(declaration, sink);
    buffers.put(declaration.name(), buffer);
    methods.put(declaration.method(), buffer);
    watchers.forEach(watcher -> watcher.accept(buffer));
  }

  /** Hands over all buffers there are, and each that is declared later. */
  void watch(Consumer<RunningBuffer> watcher) {
    buffers.values().forEach(watcher);
    watchers.add(watcher);
  }

  private RunningBuffer buffer(Declaration declaration, Sink sink) {
    List<Partition> partitions =
        IntStream.range(0, Partition.COUNT)
            .mapToObj(number -> new Partition(declaration.name(), number))
            .toList();
    List<PartitionStream> streams = new ArrayList<>();
    List<Batch> batches = new ArrayList<>();
    ElementCodec codec = new ElementCodec(declaration.element());
    TransactionTemplate own =
        Batch.transactions(manager, (int) Math.max(1, settings.lease().toSeconds()));
    for (Partition partition : partitions) {
      streams.add(
          new PartitionStream(calls, partition.prefix(keyspace), node, () -> random(EPOCH_BYTES)));
      batches.add(new Batch(partition, ledger, codec, sink, own));
    }
    Counts counts = new Counts(System::nanoTime);
    TransactionTemplate callers = new TransactionTemplate(manager);
    int bound = settings.maxLength() / Partition.COUNT;
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    return new RunningBuffer(
        declaration,
        new Buffer(declaration, sink, streams, callers, bound, counts),
        new BufferReader(declaration.name(), streams, batches, settings, counts, random),
        sink,
        counts,
        settings,
        System::nanoTime);
  }

  /**
   * Appends elements to a buffer, as a call of its annotated method does, and tells what is known.
   *
   * @return the worst outcome, if elements belong to different partitions
   * @throws IllegalArgumentException if there is no such buffer, or an element does not fit it
   * @throws WriteBehindRefusedException if it was not appended and the method asks for that
   */
  public AppendOutcome append(String buffer, List<?> elements) {
    RunningBuffer found = buffers.get(buffer);
    if (found == null) {
      throw new IllegalArgumentException("No method writes behind as " + buffer);
    }
    return found.buffer().append(elements);
  }

  /** Appends elements to the buffer of an annotated method. */
  AppendOutcome append(Method method, List<?> elements) {
    RunningBuffer found = methods.get(method);
    if (found == null) {
      throw new IllegalStateException(method + " is called before the application has started");
    }
    return found.buffer().append(elements);
  }

  /** Returns the buffer; null if there is none. */
  @Nullable RunningBuffer find(String name) {
    return buffers.get(name);
  }

  /** Returns all buffers as this node saw them last, by name. Asks nobody. */
  public List<BufferReport> reports() {
    return buffers.values().stream().map(RunningBuffer::report).toList();
  }

  /** Returns the name of this node among those that own partitions. */
  public String node() {
    return node;
  }

  /**
   * Returns how many writes of a buffer all nodes have ever applied.
   *
   * @throws DataAccessException if the database does not answer
   */
  public long applied(String buffer) {
    return ledger.applied(buffer);
  }

  /**
   * Begins to read.
   *
   * @throws IllegalStateException if the database has no place for it
   */
  @Override
  public void start() {
    if (!buffers.isEmpty()) {
      requireTables();
    }
    running = true;
    buffers.values().forEach(RunningBuffer::start);
  }

  private void requireTables() {
    try {
      if (!ledger.isInstalled()) {
        throw new IllegalStateException(
            "@WriteBehind needs the tables larder_writebehind_ledger and larder_writebehind_dead;"
                + " add classpath:larder/postgresql to spring.flyway.locations");
      }
    } catch (DataAccessException unknown) {
      log.warn("Whether the database has the tables of write-behind is not known yet");
    }
  }

  @Override
  public void stop() {
    running = false;
    buffers.values().parallelStream().forEach(RunningBuffer::stop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops after the web server, and while the database and Redis are there. */
  @Override
  public int getPhase() {
    return 0;
  }
}
