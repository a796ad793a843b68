package larder.monolith;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import larder.cache.page.Oddities;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.RedisCalls;
import org.springframework.boot.SpringApplication;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Two nodes of the monolith with a database and a Redis of their own, which may be hung and killed,
 * and with odd pages beside their own. They are started when the first class asks for them, shared
 * by all classes of this JVM, and end with it.
 */
final class TwoNodes {

  /** How many guests are a crowd. */
  static final int CROWD = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Database database = TestServers.freshDatabase();
  private final RedisServer redis = TestServers.separateRedis();
  private final MonolithNode there = start();
  private MonolithNode here = start();
  private boolean away;

  private TwoNodes() {}

  private MonolithNode start() {
    return MonolithNode.start(database, redis, TwoNodes::withOddities);
  }

  private static void withOddities(SpringApplication application) {
    application.addInitializers(
        created -> {
          GenericApplicationContext context = (GenericApplicationContext) created;
          context.registerBean(Oddities.Weather.class);
          context.registerBean(Oddities.Names.class);
          context.registerBean(Oddities.Fragments.class);
          context.registerBean(Oddities.class);
        });
  }

  static TwoNodes shared() {
    return Shared.NODES;
  }

  MonolithNode here() {
    return here;
  }

  MonolithNode there() {
    return there;
  }

  Database database() {
    return database;
  }

  RedisServer redis() {
    return redis;
  }

  /** Closes the first node, and returns a new one in its place. */
  MonolithNode restartHere() {
    here.close();
    here = start();
    return here;
  }

  /** Has all as it was, if an earlier test has failed at the gate or while Redis was away. */
  void beginWell() {
    closeGate().countDown();
    if (away) {
      bringBack();
    }
  }

  /** Hangs Redis until it is {@linkplain #bringBack brought back}. */
  void hang() {
    away = true;
    redis.suspend();
  }

  /** Kills Redis until it is {@linkplain #bringBack brought back}, empty. */
  void kill() {
    away = true;
    redis.kill();
  }

  /** Returns when Redis answers and nothing fails any more that its absence has left behind. */
  void bringBack() {
    redis.start();
    redis.resume();
    await().atMost(PATIENCE).until(() -> asksRedis(here) && asksRedis(there));
    awaitCurrent();
    away = false;
  }

  private static boolean asksRedis(MonolithNode node) {
    return node.bean(RedisCalls.class).isAvailable();
  }

  /** Has no connection used again whose statements were prepared for tables as they were. */
  void renewConnections() {
    for (MonolithNode node : List.of(here, there)) {
      node.bean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** Returns when both nodes have heard of all that anybody has committed until now. */
  void awaitCurrent() {
    MonolithNode.allCurrent(here, there);
  }

  /**
   * Has a crowd of guests ask at once for an odd page that waits at the gate, opens it when all
   * have found that the page is not there, and returns what they got.
   */
  List<HttpResponse<byte[]>> crowd(MonolithNode node, String page) {
    CountDownLatch gate = closeGate();
    long missed = absences(node);
    List<CompletableFuture<HttpResponse<byte[]>>> asked =
        IntStream.range(0, CROWD).mapToObj(i -> GuestRequests.ask(node, page)).toList();
    await().atMost(PATIENCE).until(() -> absences(node) >= missed + CROWD);
    gate.countDown();
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private CountDownLatch closeGate() {
    CountDownLatch gate = new CountDownLatch(1);
    here.bean(Oddities.class).gate = gate;
    there.bean(Oddities.class).gate = gate;
    return gate;
  }

  private static long absences(MonolithNode node) {
    return node.bean(Statistics.class).of("odd-pages").misses(Miss.ABSENT);
  }

  /** Starts the nodes when first used. */
  private static final class Shared {
    static final TwoNodes NODES = new TwoNodes();
  }
}
