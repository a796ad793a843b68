package larder.cache.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecordCodec;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.redis.JoinedAppends.Append;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.options.PlainOptions;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadArgs;
import org.redisson.config.ReadMode;

/**
 * The log in Redis, by the scripts of {@link LogScripts}.
 *
 * <p>Appends and polls are scripts in write mode, so that none runs on a replica that lags. Appends
 * that are under way at the same time {@linkplain JoinedAppends share a call}. A poll also returns
 * the server's run id: a reply of another server than the last poll's is refused, once, so that its
 * reader begins afresh. Waiting for news is a blocking read of the master's stream.
 */
public final class RedisInvalidationLog implements InvalidationLog {

  private static final int MOST_RETURNED = 1_000;
  private static final int SALTS = 1 << 18;

  /**
   * An idle Redis ends a wait late, when its timer ticks: ten times a second unless set otherwise.
   */
  private static final Duration LATE = Duration.ofMillis(250);

  private final RedisCalls calls;
  private final String stream;
  private final List<Object> keys;
  private final int kept;
  private final IntUnaryOperator random;
  private final AtomicReference<String> server = new AtomicReference<>("");
  private final JoinedAppends appends = new JoinedAppends(this::appendTogether);

  /**
   * A log under {@code {application}:log}.
   *
   * @param calls the way to Redis
   * @param kept about how many records are kept
   * @param random draws a number from 0 to below its argument
   */
  public RedisInvalidationLog(
      RedisCalls calls, String application, int kept, IntUnaryOperator random) {
    this.calls = calls;
    this.stream = "{" + application + "}:log";
    this.keys = List.of(stream, stream + ":state");
    this.kept = kept;
    this.random = random;
  }

  @Override
  public Appended append(Position seen, LogRecord record) {
    return appends.append(seen, record);
  }

  private List<Appended> appendTogether(List<Append> together) {
    LongSummaryStatistics seen =
        together.stream().mapToLong(each -> each.seen().n()).summaryStatistics();
    Position latest = new Position(together.get(0).seen().epoch(), seen.getMax());
    List<LogRecord> records = together.stream().map(Append::record).toList();
    return answers(eval(LogScripts.APPEND, arguments(latest, seen.getMin(), records)), records);
  }

  @Override
  public Appended heartbeat(Position seen, Heartbeat heartbeat) {
    List<LogRecord> records = List.of(heartbeat);
    List<Object> arguments = arguments(seen, seen.n(), records);
    arguments.add(number(heartbeat.before().epoch()));
    arguments.add(heartbeat.source().system().getBytes(UTF_8));
    arguments.add(number(heartbeat.source().timeline()));
    return answers(eval(LogScripts.HEARTBEAT, arguments), records).get(0);
  }

  @Override
  public Polled poll(Position cursor, int limit) {
    List<Object> arguments = List.of(cursor.toString().getBytes(UTF_8), number(limit));
    List<?> reply = eval(LogScripts.POLL, arguments);
    String answering = new String((byte[]) reply.get(0), UTF_8);
    String before = server.getAndSet(answering);
    if (!before.isEmpty() && !before.equals(answering)) {
      throw new OtherServerException();
    }
    List<LogEntry> entries = entries((List<?>) reply.get(1));
    return new Polled(entries, entries.size() >= limit);
  }

  @Override
  public List<LogEntry> await(Position position, int limit, Duration longest) {
    StreamReadArgs args =
        StreamReadArgs.greaterThan(new StreamMessageId(position.epoch(), position.n()))
            .count(limit)
            .timeout(Duration.ofMillis(Math.max(1, longest.toMillis())));
    PlainOptions fromMaster = calls.options(stream).readMode(ReadMode.MASTER);
    Map<StreamMessageId, Map<byte[], byte[]>> reply =
        answered(
            calls.await(
                () -> calls.redisson().<byte[], byte[]>getStream(fromMaster).readAsync(args),
                longest.plus(LATE)));
    List<LogEntry> entries = new ArrayList<>(reply.size());
    reply.forEach((id, fields) -> entries.add(new LogEntry(position(id), record(fields))));
    return entries;
  }

  /** Returns the arguments of a script that appends. */
  private List<Object> arguments(Position latest, long from, List<LogRecord> records) {
    List<Object> arguments = new ArrayList<>();
    Collections.addAll(arguments, number(latest.epoch()), number(latest.n()), number(from));
    Collections.addAll(arguments, number(MOST_RETURNED), number(kept));
    arguments.add(number(random.applyAsInt(SALTS)));
    arguments.add(LogRecordCodec.encode(Everything.RECORD));
    records.forEach(record -> arguments.add(LogRecordCodec.encode(record)));
    return arguments;
  }

  private List<?> eval(String lua, List<Object> arguments) {
    Script script = new Script(lua, ReturnType.LIST);
    return answered(calls.await(() -> script.<List<?>>run(calls, keys, arguments.toArray())));
  }

  private static <T> T answered(@Nullable T reply) {
    if (reply == null) {
      throw new NoAnswerException(null);
    }
    return reply;
  }

  private static byte[] number(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  /** Returns the answer for each of the records that were to be appended. */
  private static List<Appended> answers(List<?> reply, List<LogRecord> records) {
    Position last = position(reply.get(0));
    boolean accepted = isOne(reply.get(1));
    if (!accepted) {
      return List.of(new Appended(last, false, entries((List<?>) reply.get(2))));
    }
    List<LogEntry> own = numbered(records, last);
    List<LogEntry> since = isOne(reply.get(3)) ? own : entries((List<?>) reply.get(2));
    return own.stream().map(entry -> new Appended(entry.position(), true, since)).toList();
  }

  /** Returns the records as they stand in the log, the last of them here. */
  private static List<LogEntry> numbered(List<LogRecord> records, Position last) {
    List<LogEntry> entries = new ArrayList<>(records.size());
    for (LogRecord record : records) {
      long n = last.n() - records.size() + entries.size() + 1;
      entries.add(new LogEntry(new Position(last.epoch(), n), record));
    }
    return entries;
  }

  private static boolean isOne(Object number) {
    return Long.valueOf(1).equals(number);
  }

  private static List<LogEntry> entries(List<?> reply) {
    List<LogEntry> entries = new ArrayList<>(reply.size());
    for (Object entry : reply) {
      List<?> parts = (List<?>) entry;
      entries.add(new LogEntry(position(parts.get(0)), record((List<?>) parts.get(1))));
    }
    return entries;
  }

  private static Position position(StreamMessageId id) {
    return new Position(id.getId0(), id.getId1());
  }

  private static LogRecord record(Map<byte[], byte[]> fields) {
    return LogRecordCodec.decode(fields.size() == 1 ? fields.values().iterator().next() : null);
  }

  /** The record of an entry; one that was not written by a script means all. */
  private static LogRecord record(List<?> fields) {
    boolean known = fields.size() == 2 && fields.get(1) instanceof byte[];
    return LogRecordCodec.decode(known ? (byte[]) fields.get(1) : null);
  }

  private static Position position(Object id) {
    return Position.parse(new String((byte[]) id, UTF_8));
  }
}
