package larder.history.node;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import larder.cache.log.node.LogFollower;
import org.redisson.spring.starter.RedissonAutoConfigurationCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * A node's process: reads and writes as the checker bids it, and tells what it saw.
 *
 * <p>Bidden by single bytes on the standard input: {@link #GO}, {@link #ARM}, {@link #END}. The end
 * of the input ends the process, so that none outlives its checker.
 */
public final class NodeProgram {

  /** Begin to read and write. */
  public static final int GO = 'g';

  /** Have the next writer stop for good between its commit and its append. */
  public static final int ARM = 'k';

  /** Stop, tell everything, and end. */
  public static final int END = 'e';

  private static final long FLUSH_MILLIS = 50;
  private static final long LAST_CALL_MILLIS = 10_000;

  private NodeProgram() {}

  /** Runs a node with its settings as arguments. */
  public static void main(String[] arguments) throws Exception {
    Journal journal = new Journal(new FileOutputStream(FileDescriptor.out));
    System.setOut(System.err);
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Application.class)
            .initializers(
                starting -> starting.getBeanFactory().registerSingleton("historyJournal", journal))
            .run(arguments);
    journal.hello(System.nanoTime());
    obey(context, journal);
  }

  private static void obey(ConfigurableApplicationContext context, Journal journal)
      throws IOException, InterruptedException {
    Ending ending = context.getBean(Ending.class);
    List<Thread> callers = new ArrayList<>();
    daemon("history-flush", () -> flush(journal));
    for (int order = System.in.read(); order >= 0; order = System.in.read()) {
      switch (order) {
        case GO -> callers.addAll(start(context));
        case ARM -> ending.arm();
        case END -> {
          ending.reach();
          for (Thread caller : callers) {
            caller.join(LAST_CALL_MILLIS);
          }
          journal.flush();
          Runtime.getRuntime().halt(0);
        }
        default -> throw new IllegalArgumentException("No such order: " + order);
      }
    }
    Runtime.getRuntime().halt(1);
  }

  private static List<Thread> start(ConfigurableApplicationContext context) {
    Workload workload = context.getBean(Workload.class);
    Readers readers = context.getBean(Readers.class);
    Writers writers = context.getBean(Writers.class);
    Ending ending = context.getBean(Ending.class);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < workload.readers(); i++) {
      callers.add(daemon("history-reader", () -> readers.run(ending)));
    }
    daemon("history-forget", () -> readers.forget(ending));
    for (int i = 0; i < workload.writers(); i++) {
      callers.add(daemon("history-writer", writers::run));
    }
    return callers;
  }

  private static void flush(Journal journal) {
    while (!Thread.currentThread().isInterrupted()) {
      journal.flush();
      LockSupport.parkNanos(FLUSH_MILLIS * 1_000_000);
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The application: the service of the nodes on the layer as any adopter gets it. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({Stamps.class, Readers.class, Writers.class, Ending.class})
  static class Application {

    private static final int CONNECTIONS = 12;
    private static final int IDLE_CONNECTIONS = 4;

    @Bean
    static BeanPostProcessor historySafeguards(
        Environment environment, ObjectProvider<LogFollower> follower) {
      return environment.getRequiredProperty("history.off", Safeguard.class).breaking(follower);
    }

    @Bean
    Workload historyWorkload(Environment environment) {
      return Binder.get(environment).bind(Workload.PREFIX, Workload.class).get();
    }

    @Bean
    Level historyLevel(Environment environment) {
      return environment.getRequiredProperty("history.level", Level.class);
    }

    @Bean
    RedissonAutoConfigurationCustomizer fewConnections() {
      return config ->
          config
              .useSingleServer()
              .setConnectionPoolSize(CONNECTIONS)
              .setConnectionMinimumIdleSize(IDLE_CONNECTIONS);
    }
  }
}
