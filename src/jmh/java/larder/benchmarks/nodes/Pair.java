package larder.benchmarks.nodes;

import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import larder.benchmarks.Accounts;
import larder.benchmarks.CacheManagers;
import larder.benchmarks.JetCaches;
import larder.benchmarks.nodes.Board.Note;
import larder.cache.autoconfigure.LayerContext;
import larder.cache.log.service.LogService;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two nodes under one peer: the first changes a value, the second reads it all the time. */
interface Pair {

  /** The id of the one value. */
  long ID = 1_001;

  /**
   * Changes the value on the first node.
   *
   * @return when the change could be read by whoever goes to the source, in nanoseconds
   */
  long change(long version);

  /** Returns the version that the second node answers. */
  long seen();

  /** Starts a pair by the name of its peer. */
  static Pair start(String name) {
    int port = TestServers.redis().port();
    return switch (name) {
      case "Larder" -> annotated(truth -> larder(truth, port));
      case "Larder, plain SQL by another program" -> outsider(port);
      case "RLocalCachedMap" -> localCachedMap(port);
      case "JetCache" -> jetCache(port);
      case "PUBLISH by Lettuce" -> published(port);
      default -> annotated(truth -> managed(truth, name, port));
    };
  }

  /** Starts a node that shares a truth with others. */
  interface Starting {
    ConfigurableApplicationContext start(Board.Truth truth);
  }

  private static Pair annotated(Starting nodes) {
    Board.Truth truth = new Board.Truth();
    Board first = nodes.start(truth).getBean(Board.class);
    Board second = nodes.start(truth).getBean(Board.class);
    return of(
        version -> {
          first.change(ID, version);
          return truth.changedNanos();
        },
        () -> second.find(ID).version());
  }

  /** Changes the value. */
  interface Change {
    long to(long version);
  }

  /** Reads the version. */
  interface Reading {
    long version();
  }

  private static Pair of(Change change, Reading reading) {
    return new Pair() {
      @Override
      public long change(long version) {
        return change.to(version);
      }

      @Override
      public long seen() {
        return reading.version();
      }
    };
  }

  /** Spring's annotations at work. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  class Cached {
    @Bean
    Board board(Board.Truth truth) {
      return new Board(truth);
    }
  }

  private static ConfigurableApplicationContext larder(Board.Truth truth, int port) {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(LayerContext.Only.class, Cached.class)
            .initializers(starting -> starting.getBeanFactory().registerSingleton("truth", truth))
            .web(WebApplicationType.NONE)
            .bannerMode(Banner.Mode.OFF)
            .run(
                "--spring.config.location=optional:classpath:/no-such-folder/",
                "--logging.level.root=error",
                "--spring.application.name=larder-pair",
                "--spring.data.redis.url=redis://127.0.0.1:" + port);
    LogService log = context.getBean(LogService.class);
    while (!log.isCurrent()) {
      LockSupport.parkNanos(1_000_000);
    }
    return context;
  }

  private static ConfigurableApplicationContext managed(Board.Truth truth, String name, int port) {
    CacheManagers.Started started = CacheManagers.start(name, port, Note.class);
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(CacheManager.class, started::manager);
    context.registerBean(Board.Truth.class, () -> truth);
    context.register(Cached.class);
    context.refresh();
    return context;
  }

  /** A row that a program without the layer updates; the second node finds it by JPA. */
  private static Pair outsider(int port) {
    Database database = MemberDatabase.create();
    Node node = Node.start(Node.LARDER, database, port);
    try {
      Connection connection = database.connect();
      PreparedStatement update =
          connection.prepareStatement("update member set followers = ? where id = " + ID);
      return of(
          version -> {
            try {
              update.setInt(1, (int) version);
              update.executeUpdate();
              return System.nanoTime();
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          },
          () -> node.members().find(ID).followers());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Pair localCachedMap(int port) {
    Board.Truth truth = new Board.Truth();
    RLocalCachedMap<Long, Note> first = map(CacheManagers.client(port));
    RLocalCachedMap<Long, Note> second = map(CacheManagers.client(port));
    return of(
        version -> {
          truth.change(version);
          first.fastRemove(ID);
          return truth.changedNanos();
        },
        () -> {
          Note found = second.get(ID);
          if (found == null) {
            found = truth.note(ID);
            second.fastPut(ID, found);
          }
          return found.version();
        });
  }

  private static RLocalCachedMap<Long, Note> map(RedissonClient client) {
    return client.getLocalCachedMap(
        LocalCachedMapOptions.<Long, Note>name("local-" + Accounts.CACHE));
  }

  private static Pair jetCache(int port) {
    Board.Truth truth = new Board.Truth();
    var first = JetCaches.<Note>start(port).cache();
    var second = JetCaches.<Note>start(port).cache();
    return of(
        version -> {
          truth.change(version);
          first.remove(ID);
          return truth.changedNanos();
        },
        () -> second.computeIfAbsent(ID, truth::note).version());
  }

  /** No cache at all: the time of a message from one client to another. */
  private static Pair published(int port) {
    AtomicLong told = new AtomicLong();
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    var listening = client.connectPubSub();
    listening.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, String message) {
            told.set(Long.parseLong(message));
          }
        });
    listening.sync().subscribe("told");
    var telling = client.connect();
    return of(
        version -> {
          long began = System.nanoTime();
          telling.sync().publish("told", Long.toString(version));
          return began;
        },
        told::get);
  }
}
