package larder.cache.log.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.MemoryLog;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.LogFollower;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogServiceTests {

  private static final Duration BOUND = Duration.ofSeconds(1);

  private final BrittleLog log = new BrittleLog();
  private final LogFollower follower =
      new LogFollower(
          new FollowerSettings(BOUND, 1 << 10, Source.LOG),
          System::nanoTime,
          FollowerListener.NO_OP);
  private final LogService service = new LogService(log, follower, BOUND);

  @AfterEach
  void stop() {
    service.stop();
  }

  @Test
  void canBeStartedAgain() {
    service.start();
    await().until(service::isCurrent);
    service.stop();
    await().until(() -> !service.isCurrent());
    service.start();
    await().until(service::isCurrent);
  }

  @Test
  void outlivesAnErrorInAPollAndInAHeartbeat() {
    log.error = new StackOverflowError();
    service.start();
    await().until(() -> log.polls > 1 && log.heartbeats > 1);
    log.error = null;
    await().until(service::isCurrent);
  }

  @Test
  void sendsWhatIsNotAcknowledgedOnceMoreWhenItStops() {
    service.start();
    await().until(service::isCurrent);
    log.silent = true;
    assertThat(service.append(Tags.of("k:users:42"))).isFalse();
    log.silent = false;
    service.stop();
    assertThat(follower.outstanding()).isEmpty();
  }

  /** A log in memory, of which an answer can be lost. */
  private static final class BrittleLog implements InvalidationLog {

    private final MemoryLog memory = new MemoryLog(1, System::currentTimeMillis, () -> 0, 1_000);
    private volatile boolean silent;
    private volatile @Nullable Error error;
    private volatile int polls;
    private volatile int heartbeats;

    @Override
    public synchronized Appended append(Position seen, LogRecord record) {
      fail();
      return memory.append(seen, record);
    }

    @Override
    public synchronized Appended heartbeat(Position seen, Heartbeat heartbeat) {
      heartbeats = heartbeats + 1;
      fail();
      return memory.heartbeat(seen, heartbeat);
    }

    @Override
    public synchronized Polled poll(Position cursor, int limit) {
      polls = polls + 1;
      fail();
      return memory.poll(cursor, limit);
    }

    @Override
    public List<LogEntry> await(Position position, int limit, Duration longest) {
      return poll(position, limit).entries();
    }

    private void fail() {
      Error thrown = error;
      if (thrown != null) {
        throw thrown;
      }
      if (silent) {
        throw new IllegalStateException("No answer");
      }
    }
  }
}
