package larder.notice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RTopic;

/**
 * The notices in Redis, by the scripts of {@link NoticeScripts}. What does not look as they write
 * it is absent.
 */
final class RedisNotices {

  private final RedisCalls calls;
  private final String channel;
  private final List<Object> keys;
  private final int kept;
  private final Duration keepFor;

  /**
   * @param kept about how many notices are kept
   * @param keepFor how long they are kept
   */
  RedisNotices(RedisCalls calls, Keyspace keyspace, int kept, Duration keepFor) {
    this.calls = calls;
    String stream = keyspace.together("notices") + "stream";
    this.channel = keyspace.together("notices") + "channel";
    this.keys = List.of(stream, channel);
    this.kept = kept;
    this.keepFor = keepFor;
  }

  /** Whether Redis answers, as far as is known. */
  boolean isAvailable() {
    return calls.isAvailable();
  }

  /** Appends a notice; false if Redis has not said in time that it has. */
  CompletableFuture<Boolean> append(String topic, String text) {
    return calls
        .later(
            () ->
                this.<byte[]>eval(
                    NoticeScripts.APPEND,
                    ReturnType.VALUE,
                    List.of(number(kept), number(keepFor.toMillis()), bytes(topic), bytes(text))))
        .thenApply(Objects::nonNull);
  }

  /** Returns what stands behind a position; empty if Redis does not answer in time. */
  Optional<StreamPart> read(NoticeId after, int limit) {
    List<?> reply =
        calls.await(
            () ->
                this.<List<?>>eval(
                    NoticeScripts.READ,
                    ReturnType.LIST,
                    List.of(bytes(after.toString()), number(limit))));
    return Optional.ofNullable(reply).map(answered -> part(answered, limit));
  }

  private <T> CompletionStage<T> eval(String lua, ReturnType type, List<Object> arguments) {
    return new Script(lua, type).run(calls, keys, arguments.toArray());
  }

  /** Returns the channel, for listening to it. */
  RTopic channel() {
    return calls.redisson().getTopic(calls.options(channel));
  }

  /** Has a listener hear what is announced, from any node. */
  RFuture<Integer> listen(RTopic topic, Consumer<byte[]> listener) {
    return topic.addListenerAsync(byte[].class, (name, message) -> listener.accept(message));
  }

  private static StreamPart part(List<?> reply, int limit) {
    List<LinkedNotice> notices = new ArrayList<>();
    List<?> entries = reply.get(1) instanceof List<?> found ? found : List.of();
    for (Object entry : entries) {
      if (entry instanceof List<?> parts
          && parts.size() == 2
          && parts.get(1) instanceof List<?> fields) {
        notice(text(parts.get(0)), fields).ifPresent(notices::add);
      }
    }
    NoticeId last = NoticeId.parse(text(reply.get(0))).orElse(NoticeId.NONE);
    return new StreamPart(last, notices, entries.size() >= limit);
  }

  private static Optional<LinkedNotice> notice(@Nullable String id, List<?> fields) {
    return linked(field(fields, "p"), id, field(fields, "t"), field(fields, "m"));
  }

  private static @Nullable String field(List<?> fields, String name) {
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (name.equals(text(fields.get(i)))) {
        return text(fields.get(i + 1));
      }
    }
    return null;
  }

  /** Returns the notice of an announcement; empty if it is none. */
  static Optional<LinkedNotice> announced(byte[] message) {
    String whole = new String(message, UTF_8);
    int line = whole.indexOf('\n');
    String[] words = line < 0 ? new String[0] : whole.substring(0, line).split(" ", 3);
    return words.length == 3
        ? linked(words[0], words[1], words[2], whole.substring(line + 1))
        : Optional.empty();
  }

  private static Optional<LinkedNotice> linked(
      @Nullable String before, @Nullable String id, @Nullable String topic, @Nullable String text) {
    if (topic == null || text == null) {
      return Optional.empty();
    }
    return NoticeId.parse(before)
        .flatMap(
            first ->
                NoticeId.parse(id)
                    .map(own -> new LinkedNotice(first, new Notice(own, topic, text))));
  }

  private static @Nullable String text(Object value) {
    return value instanceof byte[] bytes ? new String(bytes, UTF_8) : null;
  }

  private static byte[] number(long number) {
    return bytes(Long.toString(number));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
