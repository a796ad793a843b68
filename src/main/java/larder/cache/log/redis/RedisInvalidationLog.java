package larder.cache.log.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * The log in Redis, by the scripts of {@link LogScripts}.
 *
 * <p>Every operation, polls too, is a script in write mode, so that it runs on the master and never
 * on a replica that lags. A poll returns at once.
 */
public final class RedisInvalidationLog implements InvalidationLog {

  private static final int MOST_RETURNED = 1_000;
  private static final int SALTS = 1 << 18;

  private final RScript script;
  private final List<Object> keys;
  private final int kept;
  private final IntUnaryOperator random;

  /**
   * A log under {@code {application}:log}.
   *
   * @param script the scripts of a client, for {@link ByteArrayCodec}
   * @param kept about how many records are kept
   * @param random draws a number from 0 to below its argument
   */
  public RedisInvalidationLog(
      RScript script, String application, int kept, IntUnaryOperator random) {
    this.script = script;
    this.keys = List.of("{" + application + "}:log", "{" + application + "}:log:state");
    this.kept = kept;
    this.random = random;
  }

  @Override
  public Appended append(Position seen, LogRecord record) {
    return appended(eval(LogScripts.APPEND, common(seen, record)));
  }

  @Override
  public Appended heartbeat(Position seen, Heartbeat heartbeat) {
    List<Object> arguments = common(seen, heartbeat);
    arguments.add(number(heartbeat.before().epoch()));
    arguments.add(heartbeat.source().system().getBytes(UTF_8));
    arguments.add(number(heartbeat.source().timeline()));
    return appended(eval(LogScripts.HEARTBEAT, arguments));
  }

  @Override
  public Polled poll(Position cursor, int limit) {
    List<Object> arguments = List.of(cursor.toString().getBytes(UTF_8), number(limit));
    List<LogEntry> entries = entries(eval(LogScripts.POLL, arguments));
    return new Polled(entries, entries.size() >= limit);
  }

  private List<Object> common(Position seen, LogRecord record) {
    List<Object> arguments = new ArrayList<>();
    Collections.addAll(arguments, number(seen.epoch()), number(seen.n()), number(kept));
    arguments.add(number(random.applyAsInt(SALTS)));
    arguments.add(LogRecordCodec.encode(Everything.RECORD));
    arguments.add(LogRecordCodec.encode(record));
    arguments.add(number(MOST_RETURNED));
    return arguments;
  }

  private List<?> eval(String lua, List<Object> arguments) {
    return script.eval(Mode.READ_WRITE, lua, ReturnType.LIST, keys, arguments.toArray());
  }

  private static byte[] number(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  private static Appended appended(List<?> reply) {
    boolean accepted = Long.valueOf(1).equals(reply.get(1));
    return new Appended(position(reply.get(0)), accepted, entries((List<?>) reply.get(2)));
  }

  private static List<LogEntry> entries(List<?> reply) {
    List<LogEntry> entries = new ArrayList<>(reply.size());
    for (Object entry : reply) {
      List<?> parts = (List<?>) entry;
      entries.add(new LogEntry(position(parts.get(0)), record((List<?>) parts.get(1))));
    }
    return entries;
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
