package larder.topologies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import larder.cache.CachedCall.Source;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.LogFollower;
import larder.cache.redis.RedisFigures;
import larder.cache.redis.RedisSampler;
import larder.cache.redis.ServerFigures;
import larder.dev.ShortWaits;
import larder.dev.servers.DocumentedRights;
import larder.dev.servers.Loopback;
import larder.limit.Decision;
import larder.limit.RateLimiter;
import larder.limit.Standing;
import larder.limit.Standing.DecidedBy;
import larder.notice.Notice;
import larder.notice.NoticeSubscription;
import larder.notice.Notices;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.session.SessionStatistics;
import larder.session.Sessions;
import larder.session.StoredSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.UuidSessionIdGenerator;

/**
 * The layer on Redis as it is run, reached by the standard settings: a cluster, a failover by
 * sentinels, a password, a user with the least rights, TLS.
 *
 * <p>Needs the program of Debian's {@code redis-server}, without which the tests are skipped.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
@ExtendWith(ShortWaits.class)
class TopologiesIntegrationTests {

  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration RECOVERY = Duration.ofSeconds(10);
  private static final int SLOTS = 16384;

  private final Prices prices = new Prices();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private Path program = Path.of("");

  @BeforeEach
  void findProgram() {
    program = DebianRedis.program();
  }

  @AfterEach
  void stopAll() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  private <T extends AutoCloseable> T toBeStopped(T one) {
    started.push(one);
    return one;
  }

  private RedisProcess server(String... settings) {
    return toBeStopped(RedisProcess.start(program, settings));
  }

  private Node node(String name, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("larder.max-staleness", BOUND.toMillis() + "ms");
    all.put("larder.remote.deadline", "200ms");
    all.put("larder.remote.connect-wait", "5s");
    return toBeStopped(Node.start(name, prices, all));
  }

  @Test
  void aClusterOfThreeMasters(CapturedOutput output) throws IOException {
    List<RedisProcess> masters = cluster();
    String more = found("With a cluster add `(.*)`", operations()).get(0);
    String rights = rights() + " " + more;
    masters.forEach(master -> addUser(master, rights));
    Map<String, Object> settings =
        Map.of(
            "spring.data.redis.cluster.nodes", addresses(masters),
            "spring.data.redis.username", "shop",
            "spring.data.redis.password", "secret");
    Node a = node("a", settings);
    Node b = node("b", settings);
    tellEachOther(a, b);
    limitTogether(a, b);
    List<String> items = IntStream.range(0, 40).mapToObj(i -> "item-" + i).toList();
    items.forEach(a::read);
    assertThat(masters).allSatisfy(master -> assertThat(entries(master)).isPositive());
    await().atMost(RECOVERY).untilAsserted(() -> assertThat(figuresOf(a)).hasSize(3));
    assertThat(items.parallelStream().filter(item -> b.read(item).source() == Source.REMOTE))
        .hasSize(40);
    readTogether(a, b, masters);
    a.forgetAll();
    await().atMost(BOUND).until(() -> b.read("item-0").source() == Source.LOADED);
    tellNotices(a, b);
    signInAndOut(a);

    RedisProcess logKeeper = masters.get(Integer.parseInt(keySlot(masters)) * 3 / SLOTS);
    try (Watch watch = Watch.over(prices, List.of(a, b), items.subList(0, 5))) {
      long failed = System.nanoTime();
      logKeeper.kill();
      await().atMost(BOUND.multipliedBy(3)).until(() -> !a.isCurrent() && !b.isCurrent());
      a.change("item-1");
      logKeeper.start();
      addUser(logKeeper, rights);
      tellEachOther(a, b);
      watch.stop();
      watch.everyCallWasAnswered();
      watch.nothingWasStalerThan(BOUND, failed, System.nanoTime(), "a", "b");
      assertThat(output).contains("Redis does not answer").doesNotContain("Redis refuses");
    }
  }

  /** What one node loads in one step, on all masters, another finds there in one step. */
  private void readTogether(Node a, Node b, List<RedisProcess> masters) {
    List<String> items = IntStream.range(0, 40).mapToObj(i -> "together-" + i).toList();
    a.readAll(items);
    await().atMost(RECOVERY).until(() -> items.stream().allMatch(item -> isShared(b, item)));
    List<String> further = IntStream.range(0, 40).mapToObj(i -> "further-" + i).toList();
    int before = masters.stream().mapToInt(TopologiesIntegrationTests::entries).sum();
    a.readAll(further);
    await()
        .atMost(RECOVERY)
        .until(
            () ->
                masters.stream().mapToInt(TopologiesIntegrationTests::entries).sum()
                    >= before + further.size());
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              int loads = further.stream().mapToInt(item -> prices.reads("b", item)).sum();
              b.readAll(further);
              return further.stream().mapToInt(item -> prices.reads("b", item)).sum() == loads;
            });
    assertThat(further).filteredOn(item -> prices.reads("b", item) == 0).hasSizeGreaterThan(30);
  }

  private static boolean isShared(Node node, String item) {
    return node.read(item).source() != Source.LOADED;
  }

  private List<RedisProcess> cluster() {
    List<RedisProcess> masters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String bus = "" + Loopback.freePort();
      RedisProcess master =
          server(
              "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", bus);
      List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int slot = 0; slot < SLOTS; slot++) {
        if (slot * 3 / SLOTS == i) {
          slots.add("" + slot);
        }
      }
      master.command(slots.toArray(String[]::new));
      for (RedisProcess other : masters) {
        other.command("CLUSTER", "MEET", "127.0.0.1", "" + master.port(), bus);
      }
      masters.add(master);
    }
    await()
        .atMost(RECOVERY)
        .until(
            () ->
                masters.stream()
                    .allMatch(one -> one.command("CLUSTER", "INFO").contains("cluster_state:ok")));
    return masters;
  }

  private static String keySlot(List<RedisProcess> masters) {
    return masters.get(0).command("CLUSTER", "KEYSLOT", "{shop}:log");
  }

  private static int entries(RedisProcess server) {
    return Integer.parseInt(server.command("DBSIZE"));
  }

  private static String addresses(List<RedisProcess> servers) {
    return servers.stream().map(RedisProcess::address).collect(Collectors.joining(","));
  }

  @Test
  void aFailoverBySentinels(CapturedOutput output) {
    RedisProcess master = server();
    RedisProcess replica = server("--replicaof", "127.0.0.1 " + master.port());
    List<RedisProcess> sentinels =
        IntStream.range(0, 3)
            .mapToObj(i -> toBeStopped(RedisProcess.startSentinel(program, master.port())))
            .toList();
    await().atMost(RECOVERY).until(() -> sentinels.stream().allMatch(this::knowsTheOthers));
    Map<String, Object> settings =
        Map.of(
            "spring.data.redis.sentinel.master",
            "shop",
            "spring.data.redis.sentinel.nodes",
            addresses(sentinels));
    Node a = node("a", settings);
    Node b = node("b", settings);
    tellEachOther(a, b);
    await().atMost(RECOVERY).untilAsserted(() -> assertThat(figuresOf(a)).hasSize(1));
    Position before = b.position();
    try (Watch watch = Watch.over(prices, List.of(a, b), List.of("item", "other"))) {
      long failed = System.nanoTime();
      a.change("item");
      master.kill();
      a.change("other");
      b.change("item");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> replica.command("ROLE").startsWith("master"));
      a.change("other");
      await().atMost(RECOVERY).until(() -> b.position().epoch() > before.epoch());
      tellEachOther(a, b);
      watch.stop();
      watch.everyCallWasAnswered();
      watch.nothingWasStalerThan(BOUND, failed, System.nanoTime(), "a", "b");
      assertThat(output).contains("Redis does not answer").doesNotContain("Redis refuses");
    }
  }

  private static List<ServerFigures> figuresOf(Node node) {
    return node.part(RedisSampler.class).figures().map(RedisFigures::masters).orElse(List.of());
  }

  private boolean knowsTheOthers(RedisProcess sentinel) {
    String quorum = sentinel.command("SENTINEL", "SENTINELS", "shop");
    String replicas = sentinel.command("SENTINEL", "REPLICAS", "shop");
    return quorum.split("runid", -1).length == 3 && replicas.contains("runid");
  }

  @Test
  void aPassword() {
    RedisProcess redis = server();
    redis.command("CONFIG", "SET", "requirepass", "open sesame");
    Map<String, Object> settings =
        Map.of(
            "spring.data.redis.host", "127.0.0.1",
            "spring.data.redis.port", redis.port(),
            "spring.data.redis.password", "open sesame");
    tellEachOther(node("a", settings), node("b", settings));
  }

  /** The line is the one that the operations page gives: nothing is missing, nothing too much. */
  @Test
  void aUserWithTheLeastRights() throws Exception {
    RedisProcess redis = server();
    String rights = rights();
    addUser(redis, rights);
    redis.command("CONFIG", "RESETSTAT");
    Map<String, Object> settings =
        Map.of(
            "spring.data.redis.host", "127.0.0.1",
            "spring.data.redis.port", redis.port(),
            "spring.data.redis.username", "shop",
            "spring.data.redis.password", "secret",
            "larder.caches.prices.max-life", "5h",
            "larder.warmup.keys", "1",
            "larder.warmup.interval", "100ms");
    Node a = node("a", settings);
    Node b = node("b", settings);
    tellEachOther(a, b);
    AtomicInteger items = new AtomicInteger();
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              String item = "slides-" + items.incrementAndGet();
              a.read(item);
              return b.read(item).source() == Source.REMOTE;
            });
    a.forgetAll();
    a.readAll(List.of("one", "two", "three"));
    redis.command("DEL", "{shop}:log:state");
    tellEachOther(a, b);
    appendBehindAnother(a);
    signInAndOut(a);
    limitTogether(a, b);
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(RECOVERY)
        .until(
            () -> {
              a.part(RateLimiter.class).ask("sliding", "x");
              return redis.command("INFO", "commandstats").contains("cmdstat_lpop");
            });
    tellNotices(a, b);
    b.part(Notices.class).close();
    await().atMost(RECOVERY).until(() -> redis.command("INFO", "commandstats").contains("_unsub"));
    // by which the figures of Redis are found, some time after the start
    await().atMost(RECOVERY).until(() -> redis.command("INFO", "commandstats").contains("_scan"));
    assertThat(found("object\\n(\\S+)", redis.command("ACL", "LOG")))
        .as("refused, other than the one script by which the client looks for a cluster")
        .containsOnly("eval");
    String used = redis.command("INFO", "commandstats");
    assertThat(found(" \\+(\\S+)", rights))
        .as("%s", used)
        .containsExactlyInAnyOrderElementsOf(
            found("cmdstat_(?!auth|config|acl|eval:)([^:]+):calls", used));
  }

  /** Whoever appends behind a record that he has not seen is told it. */
  private static void appendBehindAnother(Node node) {
    InvalidationLog log = node.part(InvalidationLog.class);
    Position seen = node.part(LogFollower.class).position();
    LogRecord record = new Invalidation(Tags.of("another"), null);
    log.append(seen, record);
    assertThat(log.append(seen, record).since()).hasSizeGreaterThan(1);
  }

  /** All that sessions ask of Redis. */
  private static void signInAndOut(Node node) {
    Sessions sessions =
        Sessions.in(
            node.part(RedisCalls.class),
            node.part(Keyspace.class),
            Duration.ofMinutes(30),
            List.of(),
            new PrincipalNameIndexResolver<>(),
            UuidSessionIdGenerator.getInstance(),
            new SessionStatistics());
    for (String note : new String[] {"deleted", "ended"}) {
      StoredSession session = sessions.repository().createSession();
      session.setAttribute("note", note);
      session.changeSessionId();
      session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "7");
      session.removeAttribute("note");
      sessions.repository().save(session);
      assertThat(sessions.repository().findById(session.getId())).isNotNull();
      assertThat(sessions.register().live()).hasValue(1L);
      assertThat(sessions.register().of("7", null).orElseThrow()).hasSize(1);
      if (note.equals("deleted")) {
        sessions.repository().deleteById(session.getId());
      } else {
        assertThat(sessions.register().endAll("7")).hasValue(1L);
      }
      assertThat(sessions.repository().findById(session.getId())).isNull();
    }
  }

  /** The file is used as it stands, but for its port. */
  @Test
  void theReadyConfiguration(@TempDir Path folder) throws IOException {
    Path configuration = Path.of("src/docs/monitoring/redis.conf").toAbsolutePath();
    Set<String> all = new TreeSet<>();
    for (String feature : List.of("fields", "write-behind", "locks", "leaderboards")) {
      all.addAll(DocumentedRights.rights(DocumentedRights.with(feature)));
    }
    assertThat(DocumentedRights.ready()).isEqualTo(all);
    int port = Loopback.freePort();
    Process redis =
        new ProcessBuilder(
                program.toString(), configuration.toString(), "--port", Integer.toString(port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    started.push(redis::destroyForcibly);
    Map<String, Object> settings =
        Map.of(
            "larder.application", "larder",
            "spring.data.redis.host", "127.0.0.1",
            "spring.data.redis.port", port,
            "spring.data.redis.username", "larder",
            "spring.data.redis.password", "secret");
    tellEachOther(node("a", settings), node("b", settings));
  }

  private static String rights() throws IOException {
    return found("(?m)^user (larder on .*)$", operations()).get(0);
  }

  private static String operations() throws IOException {
    return Files.readString(Path.of("src/docs/operations.md"));
  }

  private static void addUser(RedisProcess redis, String rights) {
    redis.command(("ACL SETUSER " + rights.replace("larder", "shop")).split(" "));
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
  }

  @Test
  void tls(@TempDir Path folder) throws Exception {
    Certificate own = Certificate.createIn(folder);
    int port = Loopback.freePort();
    server(
        "--tls-port",
        "" + port,
        "--tls-cert-file",
        own.certificate().toString(),
        "--tls-key-file",
        own.key().toString(),
        "--tls-ca-cert-file",
        own.certificate().toString(),
        "--tls-auth-clients",
        "no");
    Map<String, Object> settings =
        Map.of(
            "spring.data.redis.host",
            "127.0.0.1",
            "spring.data.redis.port",
            port,
            "spring.data.redis.ssl.bundle",
            "redis",
            "spring.ssl.bundle.pem.redis.truststore.certificate",
            own.certificate().toUri().toString());
    tellEachOther(node("a", settings), node("b", settings));
  }

  /** Both nodes are current, share their loads through both tiers, and hear of each other. */
  private void tellEachOther(Node a, Node b) {
    await().atMost(RECOVERY).until(() -> a.isCurrent() && b.isCurrent());
    await().atMost(RECOVERY).until(() -> hitOnBothTiers(a, b) && hitOnBothTiers(b, a));
    String item = "told-" + System.nanoTime();
    await().atMost(RECOVERY).until(() -> isHit(a, item) && isHit(b, item));
    int version = a.change(item);
    await().atMost(BOUND).until(() -> b.read(item).version() >= version);
  }

  /** What one node takes from all limits at once counts on the other, and is given back. */
  private static void limitTogether(Node a, Node b) {
    Map<String, String> all = Map.of("sliding", "x", "fixed", "x", "bucket", "x");
    Decision taken = a.part(RateLimiter.class).ask(all);
    assertThat(taken.standings())
        .hasSize(3)
        .allMatch(Standing::allowed)
        .allMatch(one -> one.decidedBy() == DecidedBy.REDIS);
    Decision next = b.part(RateLimiter.class).ask(all);
    assertThat(next.of("fixed")).map(Standing::remaining).contains(1L);
    a.part(RateLimiter.class).giveBack(taken, "fixed");
    a.part(RateLimiter.class).giveBack(taken, "sliding");
    await()
        .untilAsserted(
            () -> assertThat(b.part(RateLimiter.class).ask("fixed", "x").allowed()).isTrue());
  }

  /** One node hears by announcement what the other tells. */
  private static void tellNotices(Node a, Node b) {
    Notices there = b.part(Notices.class);
    NoticeSubscription page = there.subscribe(Set.of("topic"), null, () -> {});
    await().atMost(RECOVERY).until(() -> there.isListening() && page.position().isPresent());
    a.part(Notices.class).publish("topic", "told");
    await().atMost(RECOVERY).until(() -> page.take() instanceof Notice notice && isTold(notice));
    assertThat(there.counts().announced()).isEqualTo(1);
    page.close();
  }

  private static boolean isTold(Notice notice) {
    return notice.text().equals("told");
  }

  private static boolean isHit(Node node, String item) {
    return node.read(item).source() != Source.LOADED;
  }

  private static boolean hitOnBothTiers(Node a, Node b) {
    String fresh = "fresh-" + System.nanoTime();
    a.read(fresh);
    return b.read(fresh).source() == Source.REMOTE && b.read(fresh).source() == Source.NEAR;
  }
}
