package larder.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;

/**
 * A Lua script that Redis runs as one command: all keys that it touches are named and share a hash
 * slot, and it runs where they may be written, also if it only reads.
 *
 * @param lua its text
 * @param answer what it returns
 */
public record Script(String lua, ReturnType answer) {

  /**
   * Sends the script, without retries; to be handed to {@link RedisCalls#await} or {@link
   * RedisCalls#later}, which know how long is waited.
   *
   * @param keys what is {@code KEYS} in the script; at least one
   * @param arguments what is {@code ARGV}, each as bytes
   */
  public <T> CompletionStage<T> run(RedisCalls calls, List<?> keys, Object... arguments) {
    return calls
        .redisson()
        .getScript(calls.options())
        .evalAsync(
            keys.get(0).toString(),
            Mode.READ_WRITE,
            lua,
            answer,
            List.<Object>copyOf(keys),
            arguments);
  }
}
