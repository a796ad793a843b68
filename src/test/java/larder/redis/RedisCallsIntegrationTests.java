package larder.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisTimeoutException;

/** Calls that end after an outage before which they began. */
class RedisCallsIntegrationTests {

  private final RedisServer redis = TestServers.separateRedis();
  private final RedisWay way = RedisWay.open(redis.url(), "calls");
  private final RedisCalls calls = way.calls();

  @AfterEach
  void close() {
    redis.resume();
    way.close();
    redis.close();
  }

  @Test
  void aCallFromBeforeAnOutageDoesNotBeginAnother() {
    CompletableFuture<String> unanswered = new CompletableFuture<>();
    var later = calls.later(() -> unanswered);
    outage();
    unanswered.completeExceptionally(new RedisTimeoutException("lost in the outage"));

    assertThat(later).isCompletedWithValue(null);
    assertThat(calls.isAvailable()).isTrue();
  }

  @Test
  void aCallThatIsWaitedForFromBeforeAnOutageDoesNotBeginAnother() throws Exception {
    CompletableFuture<String> unanswered = new CompletableFuture<>();
    CompletableFuture<Void> sent = new CompletableFuture<>();
    var waited =
        CompletableFuture.runAsync(
            () ->
                assertThat(
                        calls.await(
                            () -> {
                              sent.complete(null);
                              return unanswered;
                            }))
                    .isNull());
    sent.join();
    outage();
    unanswered.completeExceptionally(new RedisTimeoutException("lost in the outage"));

    waited.join();
    assertThat(calls.isAvailable()).isTrue();
  }

  @Test
  void aCallFromAfterAnOutageBeginsAnother() {
    outage();
    beginOutage();
  }

  private void outage() {
    beginOutage();
    redis.resume();
    await().until(calls::isAvailable);
  }

  /** Redis hangs, so that no probe is answered, and a call fails. */
  private void beginOutage() {
    redis.suspend();
    fail();
    assertThat(calls.isAvailable()).isFalse();
  }

  private void fail() {
    assertThat(
            calls.<String>await(
                () -> CompletableFuture.failedFuture(new RedisTimeoutException("no answer"))))
        .isNull();
  }
}
