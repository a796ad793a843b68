package larder.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.OptionalOptions;
import org.redisson.api.options.PlainOptions;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoReplicasException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The way to Redis: commands wait at most a deadline and are never retried, and while Redis does
 * not answer nobody waits at all.
 */
public final class RedisCalls implements SmartLifecycle, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisCalls.class);

  /** After this time Redisson itself gives a command up; callers have left long before. */
  public static final Duration GIVEN_UP = Duration.ofSeconds(1);

  /** Between two warnings that Redis refuses. */
  private static final Duration REFUSAL_PAUSE = Duration.ofMinutes(1);

  private static final Pattern DATA =
      Pattern.compile("[.,:;]* *(channel|data|command|params): .*", Pattern.DOTALL);

  private final RedissonClient redisson;
  private final Duration deadline;
  private final Duration connectWait;
  private final Breaker breaker;
  private final AtomicLong refusalSaidNanos = new AtomicLong(System.nanoTime());
  private volatile boolean running;

  /**
   * @param redisson the client; need not be connected
   * @param probeKey a key that is read to learn whether Redis answers
   * @param deadline longest wait for an answer
   * @param probeInterval time between two probes while Redis does not answer
   * @param connectWait longest wait for the first answer, at {@link #start}
   */
  public RedisCalls(
      RedissonClient redisson,
      String probeKey,
      Duration deadline,
      Duration probeInterval,
      Duration connectWait) {
    this.redisson = redisson;
    this.deadline = deadline;
    this.connectWait = connectWait;
    this.breaker =
        new Breaker(
            () -> probe(probeKey),
            probeInterval,
            Executors.newSingleThreadScheduledExecutor(
                task -> {
                  Thread thread = new Thread(task, "larder-probe");
                  thread.setDaemon(true);
                  return thread;
                }),
            System::nanoTime);
  }

  /** Asks Redis twice: the first time may connect, the second answer has to be in time. */
  private void probe(String key) {
    RBucket<byte[]> bucket = redisson.getBucket(options(key));
    bucket.get();
    long began = System.nanoTime();
    bucket.get();
    long took = System.nanoTime() - began;
    if (took > deadline.toNanos()) {
      throw new RedisTimeoutException(
          "Redis took %d ms to answer".formatted(TimeUnit.NANOSECONDS.toMillis(took)));
    }
  }

  /** Returns the client. */
  public RedissonClient redisson() {
    return redisson;
  }

  /** Returns options for an object of this name: bytes, no retries, given up soon. */
  public PlainOptions options(String name) {
    return PlainOptions.name(name)
        .codec(ByteArrayCodec.INSTANCE)
        .timeout(GIVEN_UP)
        .retryAttempts(0);
  }

  /** Returns options for scripts: bytes, no retries, given up soon. */
  public OptionalOptions options() {
    return OptionalOptions.defaults()
        .codec(ByteArrayCodec.INSTANCE)
        .timeout(GIVEN_UP)
        .retryAttempts(0);
  }

  /** Whether Redis answers, as far as is known. */
  public boolean isAvailable() {
    return breaker.isClosed();
  }

  /** Sends a command and waits for its answer; null if there was none in time. */
  public <T> @Nullable T await(Supplier<? extends CompletionStage<T>> command) {
    return await(command, Duration.ZERO);
  }

  /**
   * Sends a command that Redis may answer late, and waits for its answer; null if there was none.
   *
   * @param pause how long Redis may wait before it answers, in addition to the deadline
   */
  public <T> @Nullable T await(Supplier<? extends CompletionStage<T>> command, Duration pause) {
    long closing = breaker.closing();
    if (closing == Breaker.OPEN) {
      return null;
    }
    try {
      CompletableFuture<T> sent = command.get().toCompletableFuture();
      try {
        T answer = sent.get(deadline.plus(pause).toNanos(), TimeUnit.NANOSECONDS);
        breaker.answered();
        return answer;
      } catch (TimeoutException e) {
        failed(e, closing);
        hearLate(sent);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      failed(e, closing);
    }
    return null;
  }

  /** Has the breaker know if an answer comes after all. */
  private void hearLate(CompletableFuture<?> sent) {
    var unused =
        sent.whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                breaker.answeredLate();
              }
            });
  }

  /** Sends a command; its answer comes later, null if there was none in time. */
  public <T> CompletableFuture<@Nullable T> later(Supplier<? extends CompletionStage<T>> command) {
    long closing = breaker.closing();
    if (closing == Breaker.OPEN) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      CompletableFuture<T> sent = command.get().toCompletableFuture();
      return sent.<@Nullable T>thenApply(answer -> answer)
          .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete(
              (answer, failure) -> {
                if (failure == null) {
                  breaker.answered();
                }
              })
          .exceptionally(
              failure -> {
                failed(failure, closing);
                hearLate(sent);
                return null;
              });
    } catch (RuntimeException e) {
      failed(e, closing);
      return CompletableFuture.completedFuture(null);
    }
  }

  /**
   * Opens the breaker, unless Redis did answer and only refused, or has answered anew since the
   * call began.
   */
  private void failed(Throwable failure, long closing) {
    Throwable cause = cause(failure);
    if (cause instanceof TimeoutException) {
      breaker.failed("no answer within " + deadline.toMillis() + " ms", closing);
    } else if (isRefusal(cause)) {
      refused(withoutData(String.valueOf(cause.getMessage())));
    } else {
      breaker.failed(withoutData(String.valueOf(cause)), closing);
    }
  }

  /** The client adds the command with what it carries, which may be nobody's business. */
  private static String withoutData(String message) {
    return DATA.matcher(message).replaceFirst("");
  }

  /** Says why Redis refuses, but not each time. */
  private void refused(String why) {
    long now = System.nanoTime();
    long said = refusalSaidNanos.get();
    if (now - said >= 0 && refusalSaidNanos.compareAndSet(said, now + REFUSAL_PAUSE.toNanos())) {
      log.warn("Redis refuses what caches need: {}", why);
    } else {
      log.debug("Redis refused a command: {}", why);
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause =
        failure instanceof ExecutionException || failure instanceof CompletionException
            ? failure.getCause()
            : failure;
    return cause == null ? failure : cause;
  }

  /**
   * Whether a command failed because Redis answered that it will not do it, in contrast to no
   * answer. Without a connection the client throws one with a cause.
   */
  public static boolean isRefusal(Throwable failure) {
    Throwable cause = cause(failure);
    return (cause.getClass() == RedisException.class && cause.getCause() == null)
        || cause instanceof RedisOutOfMemoryException
        || cause instanceof RedisReadonlyException
        || cause instanceof RedisNoReplicasException;
  }

  @Override
  public void start() {
    running = true;
    breaker.start(connectWait);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before everything that may serve calls. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void close() {
    breaker.close();
  }
}
