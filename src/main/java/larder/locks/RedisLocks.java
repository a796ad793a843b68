package larder.locks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import larder.locks.FenceEpochs.Epoch;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.api.options.MapOptions;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks in Redis, by {@link LockScripts}. Thread-safe. */
final class RedisLocks {

  private static final Logger log = LoggerFactory.getLogger(RedisLocks.class);

  private static final Duration LIFE = Duration.ofDays(7);

  /** How long somebody who waits and asks no more is waited for. */
  private static final Duration PLACE = Duration.ofSeconds(2);

  /** After this time Redisson gives a command up; callers have left long before. */
  private static final Duration GIVEN_UP = Duration.ofSeconds(1);

  private static final int MOST_OPENINGS = 3;

  private final RedisCalls calls;
  private final FenceEpochs epochs;
  private final String state;
  private final AtomicLong asked = new AtomicLong();

  RedisLocks(RedisCalls calls, Keyspace keyspace, FenceEpochs epochs) {
    this.calls = calls;
    this.epochs = epochs;
    this.state = keyspace.together("locks") + "state";
  }

  /**
   * Asks for a lock.
   *
   * @param waits whether the caller will ask again soon, and wants to keep its turn
   */
  Attempt take(String name, String owner, Duration lease, boolean waits) {
    String opening = "";
    Epoch epoch = new Epoch(0, false);
    for (int i = 0; i < MOST_OPENINGS; i++) {
      List<?> reply = take(name, owner, lease, waits, opening, epoch);
      if (reply == null) {
        return Attempt.AWAY;
      }
      switch (text(reply.get(0))) {
        case "taken" -> {
          return new Attempt.Taken(
              number(reply.get(1)),
              number(reply.get(2)),
              Instant.ofEpochMilli(number(reply.get(3))));
        }
        case "held" -> {
          return Attempt.HELD;
        }
        case "kept" -> {
          return Attempt.KEPT;
        }
        default -> opening = text(reply.get(1));
      }
      try {
        epoch = epochs.next();
      } catch (RuntimeException e) {
        log.debug("No epoch of fencing numbers is to be had", e);
        return Attempt.NO_EPOCH;
      }
    }
    return Attempt.KEPT;
  }

  private @Nullable List<?> take(
      String name, String owner, Duration lease, boolean waits, String opening, Epoch epoch) {
    String nameOfOpening = owner + "." + asked.incrementAndGet();
    return calls.<List<?>>await(
        () ->
            eval(
                LockScripts.TAKE,
                RScript.ReturnType.LIST,
                name,
                owner,
                lease.toMillis(),
                waits ? PLACE.toMillis() : 0,
                opening,
                epoch.number(),
                epoch.first() ? 1 : 0,
                LIFE.toMillis(),
                LockScripts.COUNTS,
                nameOfOpening));
  }

  /**
   * Prolongs a lease from now on; false if the lock is no longer the owner's, null if nobody
   * answers.
   *
   * @param regain whether the lock may be taken back if the server has lost it
   */
  @Nullable Boolean renew(
      String name, String owner, Duration lease, Attempt.Taken taken, boolean regain) {
    Long kept =
        awaitLong(
            LockScripts.RENEW,
            name,
            owner,
            lease.toMillis(),
            taken.epoch(),
            taken.count(),
            taken.since().toEpochMilli(),
            regain ? 1 : 0);
    return kept == null ? null : kept == 1;
  }

  /**
   * Gives a lock back, which may stay taken for a while; false if it was not the owner's any more,
   * null if nobody answers.
   */
  @Nullable Boolean release(String name, String owner, Duration atLeast) {
    Long released = awaitLong(LockScripts.LEAVE, name, owner, 0, atLeast.toMillis());
    return released == null ? null : released == 1;
  }

  /** Gives up the place of somebody who waited, and what they may have got unknown to them. */
  void leave(String name, String owner) {
    var unused =
        calls.later(() -> eval(LockScripts.LEAVE, RScript.ReturnType.LONG, name, owner, 0, 0));
  }

  /** Returns who holds which of the locks; null if nobody answers. */
  @Nullable Map<String, Holder> holders(Set<String> names) {
    List<String> fields = names.stream().map(name -> "lock:" + name).toList();
    Map<String, String> found =
        calls.await(
            () ->
                calls
                    .redisson()
                    .getMap(
                        MapOptions.<String, String>name(state)
                            .codec(StringCodec.INSTANCE)
                            .timeout(GIVEN_UP)
                            .retryAttempts(0))
                    .getAllAsync(Set.copyOf(fields)));
    if (found == null) {
      return null;
    }
    Map<String, Holder> holders = new TreeMap<>();
    found.forEach(
        (field, value) -> {
          Holder holder = Holder.parse(value);
          if (holder != null) {
            holders.put(field.substring("lock:".length()), holder);
          }
        });
    return holders;
  }

  private @Nullable Long awaitLong(String script, Object... arguments) {
    return calls.<Long>await(() -> eval(script, RScript.ReturnType.LONG, arguments));
  }

  private <T> CompletionStage<T> eval(String script, RScript.ReturnType type, Object... arguments) {
    List<Object> bytes = new ArrayList<>(arguments.length);
    for (Object argument : arguments) {
      bytes.add(argument.toString().getBytes(UTF_8));
    }
    return new Script(script, type).run(calls, List.of(state), bytes.toArray());
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  private static long number(Object bytes) {
    return Long.parseLong(text(bytes));
  }
}
