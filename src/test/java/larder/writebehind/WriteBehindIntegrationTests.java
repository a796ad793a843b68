package larder.writebehind;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import larder.dev.ShortWaits;
import larder.dev.servers.Database;
import larder.dev.servers.DocumentedRights;
import larder.dev.servers.Programs;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.topologies.Link;
import larder.topologies.RedisProcess;
import larder.writebehind.WriteBehind.WhenRefused;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.redisson.config.Config;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What was appended is written once and in order, whatever goes wrong between the two servers. */
@Timeout(60)
@ExtendWith(ShortWaits.class)
class WriteBehindIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final BiConsumer<JdbcTemplate, List<?>> INSERT = Writes::insert;

  private static RedisServer redis;
  private static Writes writes;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  @BeforeAll
  static void servers() {
    redis = TestServers.separateRedis();
    writes = new Writes(TestServers.freshDatabase());
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.flush();
    writes.sql().execute("truncate writes, larder_writebehind_ledger, larder_writebehind_dead");
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  private <T extends AutoCloseable> T toBeClosed(T one) {
    started.push(one);
    return one;
  }

  private BehindNode node(BiConsumer<JdbcTemplate, List<?>> sink) {
    return toBeClosed(BehindNode.of(redis.port(), writes.database(), sink));
  }

  private BehindNode node(WhenRefused whenRefused, WriteBehindProperties settings, int port) {
    Duration deadline = Duration.ofMillis(300);
    return toBeClosed(
        new BehindNode(port, writes.database(), deadline, settings, whenRefused, INSERT));
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private static void append(BehindNode node, String key, long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      assertThat(node.append(key, seq)).isEqualTo(AppendOutcome.APPENDED);
    }
  }

  private static void awaitWritten(String key, long last) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(writes.of(key)).hasSize((int) last));
    assertThat(writes.of(key)).isEqualTo(upTo(last));
  }

  /** Returns how many entries wait, in all partitions. */
  private static long waiting() {
    return LongStream.range(0, Partition.COUNT)
        .map(number -> Long.parseLong(redis.command("XLEN", stream((int) number))))
        .sum();
  }

  private static String stream(int number) {
    return new Partition("writes", number).prefix(BehindNode.KEYSPACE);
  }

  private static String stream(String key) {
    return stream(Partition.of(key));
  }

  @Test
  void twoNodesWriteEachKeyInItsOrder() {
    BehindNode a = node(INSERT).started();
    BehindNode b = node(INSERT).started();
    for (long seq = 1; seq <= 120; seq++) {
      append(a, "ada", seq, seq);
      append(b, "bob", seq, seq);
      append(seq % 2 == 0 ? a : b, "cy", seq, seq);
    }
    for (String key : List.of("ada", "bob", "cy")) {
      awaitWritten(key, 120);
    }
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    assertThat(a.buffers().applied("writes")).isEqualTo(360);
    assertThat(a.report().applied() + b.report().applied()).isEqualTo(360);
  }

  /** The commit happens and the node does not learn of it: a crash between writing and removing. */
  @Test
  void aCommitThatNobodyHeardOfIsNotRepeated() {
    AtomicInteger losses = new AtomicInteger(3);
    BehindNode node =
        node((sql, batch) -> {
              Writes.insert(sql, batch);
              TransactionSynchronizationManager.registerSynchronization(
                  new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                      if (losses.getAndDecrement() > 0) {
                        throw new TransientDataAccessResourceException("lost");
                      }
                    }
                  });
            })
            .connected();
    append(node, "ada", 1, 10);
    node.buffers().start();
    append(node, "ada", 11, 20);
    awaitWritten("ada", 20);
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    assertThat(writes.count()).isEqualTo(20);
    assertThat(node.report().repeated()).isPositive();
  }

  /** A node that was paused after it had read writes nothing a second time when it goes on. */
  @Test
  void whoWasOvertakenWritesNothing() {
    int partition = Partition.of("ada");
    BehindNode paused = node(INSERT).connected();
    append(paused, "ada", 1, 10);
    Taken taken =
        paused.stream(partition, "paused").take(Duration.ofMillis(100), 100).orElseThrow();
    assertThat(taken.entries()).hasSize(10);
    BehindNode other = node(INSERT).started();
    append(other, "ada", 11, 12);
    awaitWritten("ada", 12);

    Batch late = paused.batch(partition, batch -> Writes.insert(paused.sql(), batch));
    assertThat(late.write(taken.entries(), false)).isEqualTo(new Batch.Outcome(0, 0, 10));
    paused.stream(partition, "paused").remove(taken.entries(), false);
    append(other, "ada", 13, 14);
    awaitWritten("ada", 14);
  }

  /** Paused within its transaction, a node keeps the others from the partition for one lease. */
  @Test
  void aTransactionThatStandsStillIsEndedAndTakenOver() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    BehindNode hanging =
        node((sql, batch) -> {
              Writes.insert(sql, batch);
              if (first.getAndSet(false)) {
                stopped.countDown();
                awaitQuietly(goOn);
              }
            })
            .started();
    append(hanging, "ada", 1, 5);
    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    BehindNode other = node(INSERT).started();
    append(other, "ada", 6, 10);
    awaitWritten("ada", 10);
    goOn.countDown();
    append(hanging, "ada", 11, 12);
    awaitWritten("ada", 12);
    assertThat(writes.dead()).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theWorkOfADeadNodeIsTakenOver() {
    BehindNode node = node(INSERT).connected();
    append(node, "ada", 1, 3);
    redis.command("SET", stream("ada") + ":lease", "dead", "PX", "1500");
    node.buffers().start();
    append(node, "eve", 1, 3);
    awaitWritten("eve", 3);
    await().until(() -> node.report().owners().contains("dead") || !writes.of("ada").isEmpty());
    awaitWritten("ada", 3);
  }

  @Test
  void aPoisonedWriteIsPutAsideAlone() {
    AtomicBoolean mended = new AtomicBoolean();
    BehindNode node =
        node((sql, batch) -> {
              Writes.insert(sql, batch);
              boolean poisoned = batch.stream().anyMatch(one -> ((Write) one).seq() == 7);
              if (poisoned && !mended.get()) {
                throw new DataIntegrityViolationException("secret");
              }
            })
            .connected();
    append(node, "ada", 1, 20);
    node.buffers().start();
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    List<Long> others = new ArrayList<>(upTo(20));
    others.remove(7L);
    assertThat(writes.of("ada")).isEqualTo(others);
    assertThat(node.report().buried()).isEqualTo(1);

    DeadLetters letters = node.deadLetters();
    DeadLetter dead = letters.oldest(10).get(0);
    assertThat(dead.error()).isEqualTo("DataIntegrityViolationException");
    assertThat(letters.retry(dead.id())).isEqualTo(DeadLetters.Retried.FAILED);
    assertThat(letters.counts()).containsEntry("writes", 1L);
    mended.set(true);
    assertThat(letters.retryAll("writes", 10)).isEqualTo(1);
    assertThat(letters.retry(dead.id())).isEqualTo(DeadLetters.Retried.GONE);
    assertThat(letters.counts()).isEmpty();
    assertThat(writes.of("ada")).hasSize(20).endsWith(7L);
  }

  @Test
  void aDiscardedWriteIsGone() {
    BehindNode node =
        node((sql, batch) -> {
              throw new IllegalStateException("never");
            })
            .started();
    append(node, "ada", 1, 1);
    await().atMost(PATIENCE).until(() -> writes.dead() == 1);
    DeadLetter dead = node.deadLetters().oldest(1).get(0);
    assertThat(node.deadLetters().discard(dead.id())).isTrue();
    assertThat(node.deadLetters().discard(dead.id())).isFalse();
    assertThat(writes.dead()).isZero();
  }

  @Test
  void whatTheTimeIsToBlameForIsTriedUntilItWorks() {
    AtomicInteger failures = new AtomicInteger(8);
    BehindNode node =
        node((sql, batch) -> {
              if (failures.getAndDecrement() > 0) {
                sql.execute("select pg_terminate_backend(pg_backend_pid())");
              }
              Writes.insert(sql, batch);
            })
            .started();
    append(node, "ada", 1, 5);
    awaitWritten("ada", 5);
    assertThat(writes.dead()).isZero();
    assertThat(node.report().retries()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void bytesThatAreNoWriteArePutAside() {
    BehindNode node = node(INSERT).connected();
    append(node, "ada", 1, 2);
    String stream = stream("ada");
    String epoch = redis.command("HGET", stream + ":state", "epoch");
    redis.command("XADD", stream, "*", "p", "{\"key\":\"ada\",\"seq\":3}");
    redis.command("XADD", stream, "*", "e", epoch, "p", "{\"key\":\"ada\"}");
    redis.command("XADD", stream, "*", "e", epoch, "p", "{\"@class\":\"java.lang.Runtime\"");
    redis.command("XADD", stream, "*", "e", "\u00ff", "p", "");
    redis.command("XADD", stream, "*", "what", "ever");
    append(node, "ada", 3, 4);
    node.buffers().start();
    awaitWritten("ada", 4);
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    assertThat(writes.dead()).isEqualTo(5);
    assertThat(node.deadLetters().oldest(10))
        .allSatisfy(dead -> assertThat(dead.error()).isEqualTo("undecodable"));
  }

  @Test
  void aKeyOfAnotherKindStopsNobodyElse() {
    BehindNode node = node(INSERT).started();
    redis.command("SET", stream("ada"), "no stream");
    assertThat(node.append("ada", 1)).isEqualTo(AppendOutcome.REFUSED);
    append(node, "eve", 1, 3);
    awaitWritten("eve", 3);
    redis.command("DEL", stream("ada"));
    append(node, "ada", 1, 2);
    awaitWritten("ada", 2);
  }

  /** The clock of Redis was ahead when the last writes were made, and then everything was lost. */
  @Test
  void aRedisThatBeganAnewIsNotTakenForTheOldOne() {
    BehindNode node = node(INSERT).started();
    append(node, "ada", 1, 3);
    awaitWritten("ada", 3);
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    fromTheFuture();
    redis.flush();
    append(node, "ada", 4, 6);
    awaitWritten("ada", 6);

    await().atMost(PATIENCE).until(() -> waiting() == 0);
    fromTheFuture();
    redis.command("DEL", stream("ada"));
    append(node, "ada", 7, 8);
    awaitWritten("ada", 8);

    await().atMost(PATIENCE).until(() -> waiting() == 0);
    fromTheFuture();
    redis.command("HSET", stream("ada") + ":state", "server", "the one before the failover");
    append(node, "ada", 9, 10);
    awaitWritten("ada", 10);
  }

  private static void fromTheFuture() {
    writes
        .sql()
        .update(
            "update larder_writebehind_ledger set last_id = '99999999999999-0' where epoch <> ''");
  }

  /** A replica that had not heard of the removal becomes the master. */
  @Test
  void whatComesBackIsKnown() {
    BehindNode node = node(INSERT).connected();
    append(node, "ada", 1, 2);
    String stream = stream("ada");
    String epoch = redis.command("HGET", stream + ":state", "epoch");
    List<String> entries = redis.command("XRANGE", stream, "-", "+").lines().toList();
    node.buffers().start();
    awaitWritten("ada", 2);
    await().atMost(PATIENCE).until(() -> waiting() == 0);

    redis.flush();
    for (int i = 0; i < entries.size(); i += 5) {
      redis.command("XADD", stream, entries.get(i), "e", epoch, "p", entries.get(i + 4));
    }
    append(node, "ada", 3, 4);
    awaitWritten("ada", 4);
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    assertThat(writes.count()).isEqualTo(4);
    assertThat(node.report().repeated()).isEqualTo(2);
  }

  private static WriteBehindProperties withRoomFor(int inPartition) {
    WriteBehindProperties soon = BehindNode.SOON;
    return new WriteBehindProperties(
        true,
        inPartition * Partition.COUNT,
        soon.batchSize(),
        soon.interval(),
        soon.lease(),
        soon.attempts(),
        soon.firstRetry(),
        soon.longestRetry(),
        soon.drain());
  }

  @Test
  void aFullBufferRefuses() {
    BehindNode drops = node(WhenRefused.DROP, withRoomFor(10), redis.port()).connected();
    BehindNode fails = node(WhenRefused.FAIL, withRoomFor(10), redis.port()).connected();
    BehindNode writesNow =
        node(WhenRefused.WRITE_THROUGH, withRoomFor(10), redis.port()).connected();
    append(drops, "ada", 1, 10);
    assertThat(drops.append("ada", 11)).isEqualTo(AppendOutcome.FULL);
    assertThat(drops.report().dropped()).isEqualTo(1);
    assertThatThrownBy(() -> fails.append("ada", 11))
        .isInstanceOfSatisfying(
            WriteBehindRefusedException.class,
            refused -> assertThat(refused.outcome()).isEqualTo(AppendOutcome.FULL))
        .hasMessage("Buffer writes has not taken a write: it is full");
    assertThat(writesNow.append("ada", 12)).isEqualTo(AppendOutcome.FULL);
    assertThat(writes.of("ada")).containsExactly(12L);
    assertThat(waiting()).isEqualTo(10);

    drops.buffers().start();
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    assertThat(drops.append("ada", 13)).isEqualTo(AppendOutcome.APPENDED);
  }

  @Test
  void redisAwayAndAnswersThatGetLost() {
    Link link = toBeClosed(new Link(redis.port()));
    BehindNode node = node(WhenRefused.WRITE_THROUGH, BehindNode.SOON, link.port()).connected();
    append(node, "ada", 1, 1);
    link.hold();
    assertThat(node.append("ada", 2)).isEqualTo(AppendOutcome.UNKNOWN);
    assertThat(writes.count()).as("it may be in Redis").isZero();
    assertThat(node.append("ada", 3)).isEqualTo(AppendOutcome.AWAY);
    assertThat(writes.of("ada")).containsExactly(3L);
    link.mend();
    await().atMost(PATIENCE).until(node.calls()::isAvailable);
    node.buffers().start();
    await().atMost(PATIENCE).until(() -> writes.count() >= 2);
    await().atMost(PATIENCE).until(() -> waiting() == 0);
    assertThat(writes.of("ada")).startsWith(3L, 1L).doesNotHaveDuplicates();
    assertThat(node.report().unknown()).isEqualTo(1);
  }

  @Test
  void aNodeThatStopsWritesWhatWaits() {
    BehindNode slow =
        node((sql, batch) -> {
              sql.execute("select pg_sleep(0.05)");
              Writes.insert(sql, batch);
            })
            .connected();
    for (int key = 0; key < 20; key++) {
      append(slow, "key-" + key, 1, 10);
    }
    slow.buffers().start();
    slow.buffers().stop();
    assertThat(writes.count()).isEqualTo(200);
    assertThat(waiting()).isZero();
    append(slow, "ada", 1, 1);
    assertThat(writes.of("ada")).as("nobody reads, and Redis keeps it").isEmpty();
    slow.buffers().start();
    awaitWritten("ada", 1);
  }

  /** The line of the operations page with what it adds: nothing is missing, nothing too much. */
  @Test
  void aUserWithTheRightsThatOperationsName() throws IOException {
    String rights = DocumentedRights.with("write-behind");
    String[] user = ("ACL SETUSER writer " + rights).replace("larder", "behind").split(" ");
    Path program = new Programs(Programs.SHARED_FOLDER, System.out::println).redis();
    try (RedisProcess own = RedisProcess.start(program)) {
      own.command(user);
      Config config = BehindNode.client(own.port());
      config.setUsername("writer").setPassword("secret");
      own.command("CONFIG", "RESETSTAT");
      BehindNode node =
          toBeClosed(
              new BehindNode(
                  config,
                  writes.database(),
                  Duration.ofSeconds(2),
                  BehindNode.SOON,
                  WhenRefused.FAIL,
                  (sql, batch) -> {
                    if (((Write) batch.get(0)).seq() == 1 && writes.count() == 0) {
                      Writes.insert(writes.sql(), batch);
                      throw new TransientDataAccessResourceException("once");
                    }
                    Writes.insert(sql, batch);
                  }));
      node.started();
      append(node, "ada", 1, 1);
      await().atMost(PATIENCE).until(() -> writes.count() == 2);
      await().atMost(PATIENCE).until(() -> node.report().known() && node.report().length() == 0);
      String log = own.command("ACL", "LOG");
      assertThat(found("object\\n(\\S+)", log)).as(log).isSubsetOf("eval");
      String used = own.command("INFO", "commandstats");
      assertThat(found("cmdstat_([^:]+):calls", used))
          .containsAll(found("\\+(\\S+)", DocumentedRights.of("write-behind")));
    }
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
  }

  @Test
  void withoutItsTablesNothingStarts() {
    Database empty = TestServers.freshDatabase();
    BehindNode node = toBeClosed(BehindNode.of(redis.port(), empty, INSERT)).connected();
    assertThatThrownBy(node.buffers()::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("add classpath:larder/postgresql to spring.flyway.locations");
  }

  @Test
  void whatDoesNotFitIsRefusedAtOnce() {
    BehindNode node = node(INSERT).connected();
    String large = "x".repeat(ElementCodec.MOST_BYTES);
    assertThatThrownBy(() -> node.append(large, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have at most 65536 bytes as JSON");
    assertThatThrownBy(() -> node.buffers().append("nobody", List.of()))
        .hasMessage("No method writes behind as nobody");
    assertThat("ä".getBytes(UTF_8)).hasSize(2);
    append(node, "ä\u0000\n", 1, 1);
  }
}
