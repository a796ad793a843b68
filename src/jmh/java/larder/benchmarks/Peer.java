package larder.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongFunction;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One way to get an account by its id: a limit, a peer, or the layer. */
interface Peer extends AutoCloseable {

  /** How long entries live, with each peer that has a time to live. */
  Duration TTL = Duration.ofHours(1);

  /** The system property that says how much longer than usual accounts are. */
  String MORE = "larder.benchmarks.more";

  /** The system property that says how long the layer waits for Redis. */
  String DEADLINE = "larder.benchmarks.deadline";

  /** Most entries in the process. */
  int MOST_ENTRIES = 2_000_000;

  /** Returns the account of an id. */
  Object get(long id);

  /** Forgets all accounts, as its users would. */
  default void clear() {
    throw new UnsupportedOperationException();
  }

  /** Returns how often the method was called that a hit saves, where that is counted. */
  default long loads() {
    return 0;
  }

  @Override
  void close();

  /** Starts a peer by its name, on the Redis of a port. */
  static Peer start(String name, int port) {
    return switch (name) {
      case "method" -> limit(Account::of, () -> {});
      case "proxy" -> proxy();
      case "caffeine" -> caffeine();
      case "bucket" -> bucket(port);
      case "lettuce" -> lettuce(port);
      case "CaffeineCacheManager", "RedisCacheManager", "RedissonSpringCacheManager" ->
          annotated(CacheManagers.start(name, port, Account.class));
      case "JetCache" -> jetCache(port);
      case "Larder" -> LarderPeer.start(port, "1GB");
      case "Larder without near" -> LarderPeer.start(port, "0");
      default -> throw new IllegalArgumentException("No peer has the name " + name);
    };
  }

  private static Peer limit(LongFunction<Object> found, Runnable close) {
    return new Peer() {
      @Override
      public Object get(long id) {
        return found.apply(id);
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }

  /** The least that Spring asks for around a method: a proxy whose only advice has the answer. */
  private static Peer proxy() {
    ProxyFactory factory = new ProxyFactory(new Accounts(0));
    factory.setProxyTargetClass(true);
    factory.addAdvice(new Answer());
    Accounts proxy = (Accounts) factory.getProxy();
    return limit(proxy::find, () -> {});
  }

  /** An advice that has the answer, and lets the call be seen, so that it has to be made. */
  final class Answer implements MethodInterceptor {
    private final Account answer = Account.of(1);
    private @Nullable MethodInvocation seen;

    @Override
    public @Nullable Object invoke(MethodInvocation call) {
      seen = call;
      return seen == null ? null : answer;
    }
  }

  private static Peer caffeine() {
    Cache<Long, Account> cache = Caffeine.newBuilder().maximumSize(MOST_ENTRIES).build();
    return limit(id -> cache.get(id, Account::of), () -> {});
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Three hundred bytes, about what an account takes as JSON in an envelope. */
  private static byte[] value() {
    return bytes("x".repeat(300));
  }

  private static Peer bucket(int port) {
    RedissonClient redisson = CacheManagers.client(port);
    byte[] value = value();
    return limit(
        id -> {
          RBucket<byte[]> bucket =
              redisson.getBucket("bucket:" + id, org.redisson.client.codec.ByteArrayCodec.INSTANCE);
          byte[] found = bucket.get();
          if (found == null) {
            bucket.set(value, TTL);
          }
          return found == null ? value : found;
        },
        redisson::shutdown);
  }

  private static Peer lettuce(int port) {
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
    byte[] value = value();
    return limit(
        id -> {
          byte[] key = bytes("lettuce:" + id);
          byte[] found = connection.sync().get(key);
          if (found == null) {
            connection.sync().psetex(key, TTL.toMillis(), value);
          }
          return found == null ? value : found;
        },
        client::shutdown);
  }

  private static Peer jetCache(int port) {
    JetCaches.Started<Account> started = JetCaches.start(port);
    return limit(id -> started.cache().computeIfAbsent(id, Account::of), started.close());
  }

  /** Returns the annotated service under Spring's own advice. */
  private static Peer annotated(CacheManagers.Started started) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(CacheManager.class, started::manager);
    context.register(Cached.class);
    context.refresh();
    Deque<Runnable> last = new ArrayDeque<>();
    last.add(started.close());
    return service(context, last);
  }

  /** Returns the annotated service of a context. */
  static Peer service(ConfigurableApplicationContext context, Iterable<Runnable> last) {
    Accounts accounts = context.getBean(Accounts.class);
    return new Peer() {
      @Override
      public Object get(long id) {
        return accounts.find(id);
      }

      @Override
      public void clear() {
        accounts.clear();
      }

      @Override
      public long loads() {
        return accounts.loads();
      }

      @Override
      public void close() {
        context.close();
        last.forEach(Runnable::run);
      }
    };
  }

  /** The service, with Spring's annotations at work. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  class Cached {
    @Bean
    Accounts accounts() {
      return new Accounts(Integer.getInteger(MORE, 0));
    }
  }
}
