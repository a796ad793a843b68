package larder.writebehind;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoReplicasException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;

/**
 * The stream of a partition in Redis, by the scripts of {@link StreamScripts}. Nothing here throws
 * because of Redis. Thread-safe.
 */
final class PartitionStream {

  private final RedisCalls calls;
  private final List<Object> keys;
  private final String node;
  private final Supplier<String> epochs;

  /**
   * @param prefix how its keys begin
   * @param node the name of this node among all
   * @param epochs draws a new epoch: 32 hexadecimal digits that no one had before
   */
  PartitionStream(RedisCalls calls, String prefix, String node, Supplier<String> epochs) {
    this.calls = calls;
    this.keys = List.of(prefix, prefix + ":state", prefix + ":lease");
    this.node = node;
    this.epochs = epochs;
  }

  /**
   * Appends all payloads or none, in one step.
   *
   * @param bound most entries that may then wait
   */
  AppendOutcome append(List<byte[]> payloads, int bound) {
    if (!calls.isAvailable()) {
      return AppendOutcome.AWAY;
    }
    List<Object> arguments = new ArrayList<>(payloads.size() + 2);
    arguments.add(ascii(bound));
    arguments.add(ascii(epochs.get()));
    arguments.addAll(payloads);
    AtomicReference<@Nullable CompletionStage<Long>> sent = new AtomicReference<>();
    Long answer =
        calls.await(
            () -> {
              CompletionStage<Long> command =
                  eval(StreamScripts.APPEND, ReturnType.LONG, arguments);
              sent.set(command);
              return command;
            });
    if (answer != null) {
      return answer == 1 ? AppendOutcome.APPENDED : AppendOutcome.FULL;
    }
    return unanswered(sent.get());
  }

  private static AppendOutcome unanswered(@Nullable CompletionStage<Long> sent) {
    if (sent == null) {
      return AppendOutcome.AWAY;
    }
    CompletableFuture<Long> command = sent.toCompletableFuture();
    return command.isCompletedExceptionally() && isRefusal(command)
        ? AppendOutcome.REFUSED
        : AppendOutcome.UNKNOWN;
  }

  /** Whether the server said no: without a connection the client throws one with a cause. */
  private static boolean isRefusal(CompletableFuture<Long> failed) {
    Throwable failure = failed.handle((answer, thrown) -> thrown).join();
    Throwable cause =
        failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
    return cause instanceof RedisOutOfMemoryException
        || cause instanceof RedisReadonlyException
        || cause instanceof RedisNoReplicasException
        || (cause != null && cause.getClass() == RedisException.class && cause.getCause() == null);
  }

  /**
   * Looks at the partition and takes its first entries, unless another node has it or it is to rest
   * after a failure. Empty if Redis has not answered.
   */
  Optional<Taken> take(Duration lease, int most) {
    List<Object> arguments = List.of(ascii(node), ascii(lease.toMillis()), ascii(most));
    List<?> reply =
        calls.await(() -> this.<List<?>>eval(StreamScripts.TAKE, ReturnType.LIST, arguments));
    return Optional.ofNullable(reply).map(PartitionStream::taken);
  }

  private static Taken taken(List<?> reply) {
    String first = text(reply.get(2));
    long waited = first.isEmpty() ? 0 : (Long) reply.get(0) - StreamId.parse(first).milli();
    List<Entry> entries = new ArrayList<>();
    for (Object one : (List<?>) reply.get(5)) {
      List<?> parts = (List<?>) one;
      entries.add(Entry.of(StreamId.parse(text(parts.get(0))), (List<?>) parts.get(1)));
    }
    return new Taken(
        (Long) reply.get(1),
        Duration.ofMillis(Math.max(0, waited)),
        text(reply.get(3)),
        ((Long) reply.get(4)).intValue(),
        entries);
  }

  /**
   * Removes what the database has. Without an answer it is taken again, and known by the ledger.
   *
   * @param keep whether this node goes on with the partition
   */
  void remove(List<Entry> entries, boolean keep) {
    List<Object> arguments = new ArrayList<>(2 * entries.size() + 2);
    arguments.add(ascii(node));
    arguments.add(ascii(keep ? 1 : 0));
    for (Entry entry : entries) {
      arguments.add(ascii(entry.id()));
      arguments.add(entry.mark());
    }
    var unused = calls.await(() -> eval(StreamScripts.REMOVE, ReturnType.LONG, arguments));
  }

  /** Gives the partition back after a failure; no node takes it before the pause is over. */
  void postpone(int attempts, Duration pause) {
    List<Object> arguments = List.of(ascii(node), ascii(attempts), ascii(pause.toMillis()));
    var unused = calls.await(() -> eval(StreamScripts.POSTPONE, ReturnType.LONG, arguments));
  }

  private <T> CompletionStage<T> eval(String lua, ReturnType type, List<Object> arguments) {
    return new Script(lua, type).run(calls, keys, arguments.toArray());
  }

  private static byte[] ascii(Object value) {
    return value.toString().getBytes(US_ASCII);
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, US_ASCII);
  }
}
