package larder.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import larder.limit.Standing.DecidedBy;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;

/** The limits as Redis keeps them for all nodes: one script, one round trip for each question. */
final class RedisLimits {

  private static final int REPLIES_BEFORE = 2;
  private static final int REPLIES_EACH = 4;

  private final RedisCalls calls;

  RedisLimits(RedisCalls calls) {
    this.calls = calls;
  }

  /**
   * Takes from all limits if all have room, else from none.
   *
   * @return the standings in the order of the claims; null if Redis did not answer in time, and
   *     then it may have taken from the limits or not
   */
  @Nullable List<Standing> ask(List<Limit> limits, List<String> keys) {
    List<Object> arguments = new ArrayList<>();
    for (Limit limit : limits) {
      boolean bucket = limit.algorithm() == Algorithm.TOKEN_BUCKET;
      arguments.add(limit.algorithm().code().getBytes(UTF_8));
      arguments.add(number(limit.limit()));
      arguments.add(number(bucket ? limit.intervalMicros() : limit.windowMicros()));
      arguments.add(number(limit.burst()));
    }
    List<?> reply = calls.await(() -> eval(LimitScripts.ASK, keys, arguments));
    return reply == null ? null : standings(limits, keys, reply);
  }

  private static @Nullable List<Standing> standings(
      List<Limit> limits, List<String> keys, List<?> reply) {
    if (reply.size() != REPLIES_BEFORE + limits.size() * REPLIES_EACH) {
      return null;
    }
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < limits.size(); i++) {
      int at = REPLIES_BEFORE + i * REPLIES_EACH;
      standings.add(
          new Standing(
              limits.get(i),
              keys.get(i),
              number(reply, at) == 1,
              number(reply, at + 1),
              Duration.of(number(reply, at + 2), ChronoUnit.MICROS),
              DecidedBy.REDIS,
              number(reply, at + 3)));
    }
    return standings;
  }

  /** Gives back what a call took, without waiting for it. */
  void giveBack(Standing taken) {
    Script script = new Script(LimitScripts.GIVE_BACK, ReturnType.LONG);
    byte[] algorithm = taken.limit().algorithm().code().getBytes(UTF_8);
    var unused =
        calls.<Long>later(
            () -> script.run(calls, List.of(taken.key()), algorithm, number(taken.stamp())));
  }

  private CompletionStage<List<?>> eval(
      String lua, List<String> keys, Collection<Object> arguments) {
    return new Script(lua, ReturnType.LIST).run(calls, keys, arguments.toArray());
  }

  private static byte[] number(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  private static long number(List<?> reply, int at) {
    return reply.get(at) instanceof Long number ? number : 0;
  }
}
