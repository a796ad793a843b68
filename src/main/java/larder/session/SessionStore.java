package larder.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;

/**
 * Sessions as they are kept in Redis; {@link SessionScripts} tells how.
 *
 * <p>Each method is one command, waits at most the deadline, never throws for Redis's sake, and
 * returns null if Redis did not answer or refused. Thread-safe.
 */
final class SessionStore {

  private static final String ATTRIBUTE = "a:";

  private final RedisCalls calls;
  private final SessionKeys keys;
  private final Duration timeout;

  SessionStore(RedisCalls calls, Keyspace keyspace, Duration timeout) {
    this.calls = calls;
    this.keys = SessionKeys.of(keyspace);
    this.timeout = timeout;
  }

  /**
   * What Redis has of a session.
   *
   * @param created when it began; null if that is not known, and then it is no session
   */
  record Kept(@Nullable Instant created, @Nullable String owner, Map<String, byte[]> attributes) {

    /** Stands for no session. */
    static final Kept NOTHING = new Kept(null, null, Map.of());
  }

  /**
   * What a request has made of a session.
   *
   * @param attributes those that have changed; null for those that are no more
   */
  record Change(
      String id,
      String newId,
      @Nullable String owner,
      @Nullable String newOwner,
      Map<String, byte @Nullable []> attributes) {}

  Duration timeout() {
    return timeout;
  }

  /** Returns a session, whose time begins anew. */
  @Nullable Kept load(String id) {
    List<?> fields =
        list(
            SessionScripts.LOAD,
            List.of(keys.session(id), keys.live()),
            SessionKeys.digest(id),
            millis(),
            keys.lists());
    return fields == null ? null : kept(fields);
  }

  private static Kept kept(List<?> fields) {
    Map<String, byte[]> values = new HashMap<>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      values.put(text(fields.get(i)), (byte[]) fields.get(i + 1));
    }
    byte[] owner = values.remove("owner");
    Instant created = instant(values.remove("created"));
    Map<String, byte[]> attributes = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(ATTRIBUTE)) {
            attributes.put(name.substring(ATTRIBUTE.length()), value);
          }
        });
    return new Kept(created, owner == null ? null : new String(owner, UTF_8), attributes);
  }

  /** Begins a session without attributes, and returns when that was. */
  @Nullable Instant create(String id) {
    Long began =
        number(
            SessionScripts.CREATE,
            List.of(keys.session(id), keys.live()),
            SessionKeys.digest(id),
            millis());
    return began == null ? null : Instant.ofEpochMilli(began);
  }

  /** Writes a change, all of it or nothing; returns false if the session has ended meanwhile. */
  @Nullable Boolean save(Change change) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(SessionKeys.digest(change.id()));
    arguments.add(SessionKeys.digest(change.newId()));
    arguments.add(millis());
    arguments.add(keys.lists());
    arguments.add(change.owner() == null ? "" : change.owner());
    arguments.add(change.newOwner() == null ? "" : change.newOwner());
    List<Object> gone = new ArrayList<>();
    List<Object> changed = new ArrayList<>();
    change
        .attributes()
        .forEach(
            (name, value) -> {
              if (value == null) {
                gone.add(ATTRIBUTE + name);
              } else {
                changed.add(ATTRIBUTE + name);
                changed.add(value);
              }
            });
    arguments.add(Integer.toString(gone.size()));
    arguments.addAll(gone);
    arguments.addAll(changed);
    List<Object> sessions =
        List.of(keys.session(change.id()), keys.session(change.newId()), keys.live());
    Long saved = number(SessionScripts.SAVE, sessions, arguments.toArray());
    return saved == null ? null : saved == 1;
  }

  /** Ends a session; returns false if there was none. */
  @Nullable Boolean delete(String id) {
    Long ended =
        number(
            SessionScripts.DELETE,
            List.of(keys.session(id), keys.live()),
            SessionKeys.digest(id),
            keys.lists());
    return ended == null ? null : ended > 0;
  }

  /**
   * Returns the sessions of an owner.
   *
   * @param current the id of the one that asks; null if none does
   */
  @Nullable List<SessionUse> of(String owner, @Nullable String current) {
    List<?> listed = list(SessionScripts.OF, List.of(keys.list(owner)), (Object) keys.sessions());
    if (listed == null) {
      return null;
    }
    String own = current == null ? "" : SessionKeys.digest(current);
    List<SessionUse> sessions = new ArrayList<>();
    for (int i = 0; i + 1 < listed.size(); i += 2) {
      Instant ends = instant((byte[]) listed.get(i + 1));
      if (ends != null) {
        sessions.add(new SessionUse(ends.minus(timeout), own.equals(text(listed.get(i)))));
      }
    }
    return sessions;
  }

  /** Ends all sessions of an owner, and returns how many that were. */
  @Nullable Long endAll(String owner) {
    return number(
        SessionScripts.END_ALL, List.of(keys.list(owner), keys.live()), (Object) keys.sessions());
  }

  /** Returns how many sessions have not ended. */
  @Nullable Long live() {
    return number(SessionScripts.LIVE, List.of(keys.live()));
  }

  private @Nullable List<?> list(String lua, List<Object> names, Object... arguments) {
    return eval(lua, ReturnType.LIST, names, arguments) instanceof List<?> list ? list : null;
  }

  private @Nullable Long number(String lua, List<Object> names, Object... arguments) {
    return eval(lua, ReturnType.LONG, names, arguments) instanceof Long number ? number : null;
  }

  private @Nullable Object eval(
      String lua, ReturnType type, List<Object> names, Object... arguments) {
    Object[] bytes = new Object[arguments.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = arguments[i] instanceof String text ? text.getBytes(UTF_8) : arguments[i];
    }
    Script script = new Script(lua, type);
    return calls.await(() -> script.<Object>run(calls, names, bytes));
  }

  private String millis() {
    return Long.toString(timeout.toMillis());
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  /** Returns the instant that digits tell; null if they are none. */
  private static @Nullable Instant instant(byte @Nullable [] millis) {
    try {
      return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(text(millis)));
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }
}
