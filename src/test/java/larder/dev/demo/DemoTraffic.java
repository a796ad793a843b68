package larder.dev.demo;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import larder.monolith.users.Users;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A few calls each second of the broken caches and of a sound one, and now and then a write.
 *
 * <p>The write goes past the layer, as another program's does: the outbox tells of it.
 */
final class DemoTraffic implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DemoTraffic.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final int THINGS = 20;
  private static final int KNOWN_USERS = 50;
  private static final int TURNS_PER_REPORT = 5;
  private static final int TURNS_PER_WRITE = 25;

  private final Prices prices;
  private final MemberCount members;
  private final Reports reports;
  private final Users users;
  private final JdbcClient database;
  private volatile @Nullable ScheduledExecutorService running;
  private int turns;

  DemoTraffic(
      Prices prices, MemberCount members, Reports reports, Users users, JdbcClient database) {
    this.prices = prices;
    this.members = members;
    this.reports = reports;
    this.users = users;
    this.database = database;
  }

  private void turn() {
    try {
      call(turns++);
    } catch (RuntimeException e) {
      log.warn("A call of the demo failed", e);
    }
  }

  private void call(int turn) {
    var price = prices.of(turn % THINGS);
    var user = users.find(1 + ThreadLocalRandom.current().nextInt(KNOWN_USERS));
    int letter = turn % LETTERS.length();
    long count = members.beginningWith(LETTERS.substring(letter, letter + 1));
    log.trace("{} {} {}", price, user, count);
    if (turn % TURNS_PER_REPORT == 0) {
      log.trace("{}", reports.of(turn % 12).month());
    }
    if (turn % TURNS_PER_WRITE == 0) {
      database
          .sql("update users set updated_at = now() where id = ?")
          .param(1 + turn / TURNS_PER_WRITE % KNOWN_USERS)
          .update();
    }
  }

  @Override
  public void start() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "larder-demo");
              thread.setDaemon(true);
              return thread;
            });
    running = started;
    var unused =
        started.scheduleWithFixedDelay(
            this::turn, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    ScheduledExecutorService stopped = running;
    running = null;
    if (stopped != null) {
      stopped.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return running != null;
  }
}
