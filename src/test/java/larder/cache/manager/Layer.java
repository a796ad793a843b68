package larder.cache.manager;

import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import larder.cache.LarderProperties;
import larder.cache.load.Call;
import larder.cache.load.Loads;
import larder.cache.log.InvalidationLog;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.TagNames;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.redis.RedisInvalidationLog;
import larder.cache.log.service.LogService;
import larder.cache.near.NearCache;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.policy.PolicyCatalog;
import larder.cache.policy.RaisedVersions;
import larder.cache.remote.RedisKeyLocks;
import larder.cache.remote.RemoteStore;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Statistics;
import larder.cache.statistics.Timings;
import larder.cache.transaction.CacheTransactions;
import larder.cache.transaction.PersistenceContexts;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueCodec;
import larder.cache.value.ValueTypes;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RedisProperties;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A layer of its own on a Redis server, as an application without Spring's context would put it
 * together.
 */
final class Layer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RedissonClient redisson;
  final RedisCalls calls;
  final NearCache near;
  final RemoteStore remote;
  final Statistics statistics = new Statistics();
  final LogFollower follower;
  final LogService service;
  final CacheTransactions transactions;
  final LarderCacheManager manager;

  /**
   * @param url where Redis is or will be
   * @param application first part of every key
   * @param settings settings by name
   */
  Layer(String url, String application, Map<String, String> settings) {
    this(url, application, settings, log -> log);
  }

  /**
   * @param around what is between the node and its log
   */
  Layer(
      String url,
      String application,
      Map<String, String> settings,
      UnaryOperator<InvalidationLog> around) {
    LarderProperties properties = bind(settings, LarderProperties.class);
    Keyspace keyspace = new Keyspace(application);
    redisson = client(url);
    calls = calls(redisson, keyspace, bind(settings, RedisProperties.class).remote());
    remote = new RemoteStore(calls, Observations.NONE, Timings.NO_OP);
    near = new NearCache(properties.near().maxSize().toBytes(), System::nanoTime);
    follower = follower(properties.maxStaleness(), near);
    RedisInvalidationLog log =
        new RedisInvalidationLog(
            calls, application, 10_000, bound -> ThreadLocalRandom.current().nextInt(bound));
    service = new LogService(around.apply(log), follower, properties.maxStaleness());
    transactions =
        new CacheTransactions(service, follower, PersistenceContexts.NONE, Call::keepPrivate);
    manager = manager(keyspace, properties, tiers(properties));
    calls.start();
    service.start();
  }

  private static <T> T bind(Map<String, String> settings, Class<T> type) {
    Map<String, String> all = new HashMap<>(Map.of("larder.remote.deadline", "2s"));
    all.putAll(settings);
    return new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("larder", type);
  }

  private static RedissonClient client(String url) {
    Config config = new Config();
    config.setLazyInitialization(true);
    config.setUseScriptCache(true);
    config.useSingleServer().setAddress(url).setConnectionMinimumIdleSize(1);
    return Redisson.create(config);
  }

  private static RedisCalls calls(
      RedissonClient redisson, Keyspace keyspace, RedisProperties.Remote remote) {
    return new RedisCalls(
        redisson,
        keyspace.prefix() + "probe",
        remote.deadline(),
        remote.probeInterval(),
        remote.connectWait());
  }

  private static LogFollower follower(Duration bound, NearCache near) {
    FollowerListener forgetting =
        new FollowerListener() {
          @Override
          public void newHistory(Position position) {
            near.clear();
          }

          @Override
          public void gap(Position from, Position to) {
            near.clear();
          }
        };
    return new LogFollower(
        new FollowerSettings(bound, 1 << 16, Source.LOG), System::nanoTime, forgetting);
  }

  private Tiers tiers(LarderProperties properties) {
    ServingRule rule = new ServingRule(follower);
    Loads loads =
        new Loads(
            transactions,
            follower,
            new JoinRule(follower, rule),
            new RedisKeyLocks(calls, Duration.ofSeconds(10), Observations.NONE),
            properties.load().patience(),
            properties.load().nodePatience(),
            Observations.NONE);
    return new Tiers(
        near,
        remote,
        new ValueCodec((int) properties.remote().maxValueSize().toBytes()),
        rule,
        transactions,
        loads,
        statistics,
        new TagNames(),
        System::nanoTime,
        Clock.systemUTC());
  }

  private static LarderCacheManager manager(
      Keyspace keyspace, LarderProperties properties, Tiers tiers) {
    JsonMapper mapper = FieldMapper.create();
    return new LarderCacheManager(
        keyspace,
        new PolicyCatalog(properties, new DeclaredPolicies(), new RaisedVersions()),
        tiers,
        new ValueTypes(mapper.getTypeFactory()),
        cache -> List.of());
  }

  /** Waits until this node is proven current. */
  Layer awaitCurrent() {
    await().atMost(PATIENCE).until(service::isCurrent);
    return this;
  }

  /** Waits until this node stands in the log. */
  Layer awaitLog() {
    await().atMost(PATIENCE).until(() -> follower.position().epoch() > 0);
    return this;
  }

  @Override
  public void close() {
    service.stop();
    calls.close();
    redisson.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
