package larder.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import larder.dev.ShortWaits;
import larder.dev.servers.DocumentedRights;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.locks.FenceEpochs.Epoch;
import larder.redis.RedisWay;
import larder.topologies.Link;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.redisson.config.Config;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Two nodes that want the same lock, and what becomes of it when Redis or an owner is lost. */
@ExtendWith({OutputCaptureExtension.class, ShortWaits.class})
class LocksIntegrationTests {

  private static final Duration LEASE = Duration.ofMillis(2400);
  private static final Duration PATIENT = Duration.ofSeconds(60);

  private static RedisServer redis;
  private static ExecutorService threads;

  private final AtomicLong drawn = new AtomicLong(100);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private LockClient a;
  private LockClient b;

  @BeforeAll
  static void start() {
    redis = TestServers.separateRedis();
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() {
    threads.shutdownNow();
    redis.close();
  }

  @BeforeEach
  void connect() {
    redis.start();
    redis.flush();
    a = client(redis.port(), "a");
    b = client(redis.port(), "b");
  }

  @AfterEach
  void disconnect() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private LockClient client(int port, String node) {
    LockClient client = new LockClient(port, this::next, node);
    opened.add(client);
    return client;
  }

  private Epoch next() {
    long next = drawn.incrementAndGet();
    return new Epoch(next, next == 101);
  }

  private static LockRequest request(Duration patience) {
    return new LockRequest("job", "", patience, LEASE, true);
  }

  private static LockRequest fixed(Duration patience) {
    return new LockRequest("job", "", patience, LEASE, false);
  }

  @Test
  void neverTwoAreInside() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    List<Long> numbers = Collections.synchronizedList(new ArrayList<>());
    Callable<Void> worker =
        () -> {
          LockClient client = Thread.currentThread().getId() % 2 == 0 ? a : b;
          for (int i = 0; i < 20; i++) {
            try (Held held = client.locks().acquire(request(PATIENT))) {
              assertThat(inside.incrementAndGet()).isOne();
              numbers.add(held.token().number());
              Thread.onSpinWait();
              assertThat(inside.decrementAndGet()).isZero();
            }
          }
          return null;
        };
    for (Future<Void> done : threads.invokeAll(Collections.nCopies(8, worker))) {
      done.get();
    }
    assertThat(numbers).hasSize(160).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void thoseWhoWaitGetInInTheirOrder() throws Exception {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> waiting = new ArrayList<>();
    try (Held first = a.locks().acquire(request(Duration.ZERO))) {
      for (int i = 0; i < 6; i++) {
        int number = i;
        LockClient client = i % 2 == 0 ? b : a;
        waiting.add(
            threads.submit(
                () -> {
                  try (Held held = client.locks().acquire(request(PATIENT))) {
                    assertThat(held.isHeld()).isTrue();
                    order.add(number);
                  }
                }));
        await().until(() -> queue().size() == number + 1);
      }
      assertThat(first.isHeld()).isTrue();
    }
    for (Future<?> one : waiting) {
      one.get();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(queue()).isEmpty();
  }

  private static List<String> queue() {
    String places = redis.command("HGET", LockClient.STATE, "queue:job");
    return places == null || places.isEmpty() ? List.of() : List.of(places.split(","));
  }

  @Test
  void whoDoesNotWaitIsSkippedAndGetsBeforeNobody() {
    Held first = a.locks().acquire(request(Duration.ZERO));
    assertThatThrownBy(() -> b.locks().acquire(request(Duration.ZERO)))
        .isInstanceOf(ExclusiveUnavailable.class)
        .hasMessage("Lock 'job' was not to be had: another holds it");
    assertThat(b.locks().figures("job").busyCount()).isOne();

    redis.command("HSET", LockClient.STATE, "queue:job", "a:other=99999999999999");
    first.close();
    assertThatThrownBy(() -> b.locks().acquire(request(Duration.ZERO)))
        .isInstanceOf(ExclusiveUnavailable.class);
    redis.command("HDEL", LockClient.STATE, "queue:job");
    b.locks().acquire(request(Duration.ZERO)).close();
  }

  /** Who waited and died keeps nobody for long. */
  @Test
  void aDeadWaiterLosesItsTurn() {
    try (Held first = a.locks().acquire(request(Duration.ZERO))) {
      assertThat(first.isHeld()).isTrue();
      redis.command("HSET", LockClient.STATE, "queue:job", "a:dead=1");
    }
    b.locks().acquire(request(Duration.ZERO)).close();
  }

  @Test
  void keysHaveLocksOfTheirOwn() {
    Held one = a.locks().acquire(new LockRequest("user", "1", Duration.ZERO, LEASE, true));
    Held two = b.locks().acquire(new LockRequest("user", "2", Duration.ZERO, LEASE, true));
    assertThat(one.token().name()).isEqualTo("user(1)");
    assertThat(two.isHeld()).isTrue();
    one.close();
    two.close();
    assertThat(redis.command("HGET", LockClient.STATE, "lock:user(1)")).isNullOrEmpty();
  }

  @Test
  void aLeaseIsProlongedWhileItsOwnerRuns() {
    try (Held held = a.locks().acquire(request(Duration.ZERO))) {
      Holder before = holder();
      await().until(() -> holder().until().isAfter(before.until().plus(LEASE)));
      assertThat(held.isHeld()).isTrue();
      assertThat(holder().number()).isEqualTo(held.token().number());
      assertThat(holder().since()).isEqualTo(before.since());
      assertThat(holder().node()).isEqualTo("a");
    }
    assertThat(Objects.requireNonNull(b.locks().holders())).isEmpty();
  }

  private Holder holder() {
    return holder(b);
  }

  private static Holder holder(LockClient client) {
    return Objects.requireNonNull(ownersIn(client).get("job"), "nobody holds it");
  }

  @Test
  void aFixedLeaseEndsByItself() {
    Held first = a.locks().acquire(fixed(Duration.ZERO));
    Held second = b.locks().acquire(fixed(PATIENT));
    assertThat(second.token().number()).isGreaterThan(first.token().number());
    assertThat(first.isHeld()).isFalse();
    first.close();
    assertThat(a.locks().figures("job").lostCount()).isOne();
    assertThat(holder().number()).isEqualTo(second.token().number());
    second.close();
  }

  /** As a job that is over before the clock of another node says that it is due. */
  @Test
  void aLockMayStayTakenForAWhile() {
    Held first =
        a.locks()
            .acquire(
                new LockRequest(
                    "job", "", Duration.ZERO, LEASE, Duration.ofSeconds(2), /* renewed= */ true));
    first.close();
    assertThatThrownBy(() -> b.locks().acquire(request(Duration.ZERO)))
        .hasMessageContaining("another holds it");
    assertThat(holder().until()).isEqualTo(holder().since().plusSeconds(2));
    assertThat(a.locks().figures("job").lostCount()).isZero();
    b.locks().acquire(request(PATIENT)).close();
  }

  /** The watchdog cannot prolong what it cannot reach. */
  @Test
  void anOwnerWhoseWireIsCutLosesItsLock(CapturedOutput output) {
    Link link = new Link(redis.port());
    opened.add(link);
    LockClient far = client(link.port(), "far");
    Held first = far.locks().acquire(request(Duration.ZERO));
    link.hold();
    Held second = b.locks().acquire(request(PATIENT));

    assertThat(second.token().number()).isGreaterThan(first.token().number());
    await().until(() -> !first.isHeld());
    await().until(() -> far.locks().figures("job").lostCount() == 1);
    assertThat(output).containsOnlyOnce("Lock 'job' is lost while its owner runs");
    link.mend();
    await().until(() -> far.calls().isAvailable());
    first.close();
    assertThat(holder().number()).isEqualTo(second.token().number());
  }

  @Test
  void withoutRedisNobodyGetsALockAndItIsSaidOnce(CapturedOutput output) {
    redis.kill();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> a.locks().acquire(request(Duration.ofMillis(20))))
          .hasMessageContaining("Redis does not answer");
    }
    assertThat(a.locks().figures("job").awayCount()).isEqualTo(3);
    assertThat(output).containsOnlyOnce("No lock can be taken (Redis does not answer)");
    redis.start();
    a.locks().acquire(request(PATIENT)).close();
    assertThat(output).contains("Locks can be taken again");
  }

  @Test
  void withoutAnEpochNobodyGetsALock() {
    LockClient lone =
        new LockClient(
            redis.port(),
            () -> {
              throw new IllegalStateException("no database");
            },
            "c");
    opened.add(lone);
    assertThatThrownBy(() -> lone.locks().acquire(request(Duration.ZERO)))
        .hasMessageContaining("there is no number to be had");
  }

  /** The owner takes back what Redis has lost, and nobody else gets in before. */
  @Test
  void anOwnerKeepsItsLockThroughAnEmptyRestart() throws Exception {
    Held first = a.locks().acquire(request(Duration.ZERO));
    redis.restart();
    Future<Held> waiting = threads.submit(() -> b.locks().acquire(request(PATIENT)));
    await().until(() -> ownersIn(b).containsKey("job"));
    await().until(() -> !"0".equals(redis.command("HEXISTS", LockClient.STATE, "epoch")));
    await().during(LEASE.multipliedBy(2)).until(() -> !waiting.isDone());
    assertThat(first.isHeld()).isTrue();
    assertThat(holder().number()).isEqualTo(first.token().number());

    first.close();
    try (Held second = waiting.get()) {
      assertThat(second.token().number()).isGreaterThan(first.token().number());
    }
    assertThat(a.locks().figures("job").lostCount()).isZero();
  }

  private static Map<String, Holder> ownersIn(LockClient client) {
    client.locks().figures("job");
    Map<String, Holder> found = client.locks().holders();
    return found == null ? Map.of() : found;
  }

  /** A lease that is not prolonged may still run when Redis has forgotten it. */
  @Test
  void afterAnEmptyRestartALeaseIsWaitedFor() {
    Held first = a.locks().acquire(fixed(Duration.ZERO));
    redis.restart();
    try (Held second = b.locks().acquire(fixed(PATIENT))) {
      assertThat(first.isHeld()).isFalse();
      assertThat(second.token().number()).isGreaterThan(first.token().number());
    }
  }

  @Test
  void anOwnerThatWasPausedForALeaseTakesNothingBack() {
    Held first = a.locks().acquire(fixed(Duration.ZERO));
    await().until(() -> !first.isHeld());
    redis.restart();
    RedisLocks own = new RedisLocks(a.calls(), LockClient.KEYSPACE, this::next);
    await().until(() -> a.calls().isAvailable());
    Attempt.Taken taken = new Attempt.Taken(101, 1, Instant.EPOCH);
    assertThat(own.renew("job", "a:1", LEASE, taken, /* regain= */ false)).isFalse();
    assertThat(own.renew("job", "a:1", LEASE, taken, /* regain= */ true)).isTrue();
  }

  @Test
  void numbersRiseHoweverOftenRedisBeginsAnew() {
    List<Long> numbers = new ArrayList<>();
    for (int life = 0; life < 3; life++) {
      for (int i = 0; i < 3; i++) {
        try (Held held = (i % 2 == 0 ? a : b).locks().acquire(request(PATIENT))) {
          numbers.add(held.token().number());
        }
      }
      redis.flush();
      if (life == 1) {
        redis.restart();
      }
    }
    assertThat(numbers).hasSize(9).isSorted().doesNotHaveDuplicates();
  }

  /**
   * One fetches an epoch and is paused; another begins a later one, and Redis forgets all: the
   * earlier must not begin any more.
   */
  @Test
  void anEpochThatComesTooLateIsNotBegun() {
    List<Long> numbers = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    FenceEpochs slow =
        () -> {
          Epoch epoch = new Epoch(drawn.incrementAndGet(), true);
          if (asked.getAndIncrement() == 0) {
            RedisLocks other =
                new RedisLocks(
                    b.calls(), LockClient.KEYSPACE, () -> new Epoch(drawn.incrementAndGet(), true));
            numbers.add(((Attempt.Taken) other.take("job", "b:1", LEASE, false)).number());
            redis.flush();
          }
          return epoch;
        };
    RedisLocks locks = new RedisLocks(a.calls(), LockClient.KEYSPACE, slow);
    numbers.add(((Attempt.Taken) locks.take("job", "a:1", LEASE, false)).number());
    assertThat(numbers).hasSize(2).isSorted();
  }

  /** The answer of the first attempt was lost. */
  @Test
  void askedAgainAnOwnerGetsTheSameNumber() {
    RedisLocks locks = new RedisLocks(a.calls(), LockClient.KEYSPACE, this::next);
    Attempt first = locks.take("job", "a:1", LEASE, true);
    assertThat(first).isInstanceOf(Attempt.Taken.class);
    assertThat(locks.take("job", "a:1", LEASE, true)).isEqualTo(first);
    assertThat(locks.take("job", "a:2", LEASE, true)).isEqualTo(Attempt.HELD);
  }

  @Test
  void whatDeadOwnersLeftIsSweptAway() {
    a.locks().acquire(request(Duration.ZERO)).close();
    redis.command("HSET", LockClient.STATE, "lock:dead", "x:1|101|1|5|4");
    for (int i = 0; i < 100; i++) {
      a.locks().acquire(request(Duration.ZERO)).close();
    }
    assertThat(redis.command("HEXISTS", LockClient.STATE, "lock:dead")).isEqualTo("0");
  }

  @Test
  void garbageInRedisIsNoLock() {
    a.locks().acquire(request(Duration.ZERO)).close();
    redis.command("HSET", LockClient.STATE, "lock:job", "garbage");
    redis.command("HSET", LockClient.STATE, "queue:job", "=;;,=");
    assertThat(ownersIn(b)).isEmpty();
    b.locks().acquire(request(Duration.ZERO)).close();
  }

  /** The rights are those that the operations page gives. */
  @Test
  void aUserWithTheLeastRights() throws Exception {
    String rights = DocumentedRights.with("locks");
    List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "app"));
    Collections.addAll(command, rights.replace("larder", "app").split(" "));
    redis.command(command.toArray(String[]::new));
    redis.command("ACL", "LOG", "RESET");
    Config config = RedisWay.single(redis.url()).setUsername("app").setPassword("secret");
    LockClient least = new LockClient(this::next, "least", config);
    opened.add(least);
    for (int i = 0; i < 101; i++) {
      least.locks().acquire(request(PATIENT)).close();
    }
    try (Held held = least.locks().acquire(request(PATIENT))) {
      assertThat(ownersIn(least)).hasSize(1);
      Instant until = holder(least).until();
      await().until(() -> holder(least).until().isAfter(until));
      assertThat(held.isHeld()).isTrue();
    }
    assertThat(redis.command("ACL", "LOG")).doesNotContain("app:locks", "hdel", "hgetall");
    assertThat(least.locks().figures("job").awayCount()).isZero();
  }
}
