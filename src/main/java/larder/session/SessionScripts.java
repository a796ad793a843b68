package larder.session;

/**
 * The scripts that keep sessions, each one atomic step on one server.
 *
 * <h2>Stored layout</h2>
 *
 * All keys are of one hash slot. {@code DIGEST} is the SHA-256 of a session's id, so that nobody
 * who sees keys, commands or a dump of Redis can take a session over.
 *
 * <pre>
 * {app:session}:s:DIGEST   hash   created    when it began, in ms of Redis's clock
 *                                 owner      who is signed in; absent for a guest
 *                                 a:NAME     an attribute, as JSON
 * {app:session}:of:OWNER   zset   DIGEST by the ms at which that session ends
 * {app:session}:live       zset   the same, for all sessions
 * </pre>
 *
 * Each key lives for the timeout from its last use. Every request reads a session by one command,
 * which begins its time anew.
 *
 * <h2>Whose session it is</h2>
 *
 * A signed-in session is good only while the list of its owner names it. Ending all sessions of a
 * person is to drop the list; what a request under way or a Redis that was full, restarted or
 * failed over leaves behind brings none of them back. Only a sign-in adds to a list.
 */
final class SessionScripts {

  private static final String NOW =
      """
      local function now()
        local time = redis.call('TIME')
        return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
      end
      """;

  /**
   * Returns the fields of a session and begins its time anew; nothing if it is none, or no longer
   * one. A Redis that is full or may not write still lets sessions be read.
   *
   * <p>KEYS: 1 the session, 2 all sessions. ARGV: 1 the digest, 2 the timeout in ms, 3 how the
   * lists of owners begin.
   */
  static final String LOAD =
      NOW
          + """
          local fields = redis.pcall('HGETALL', KEYS[1])
          if fields.err or #fields == 0 then
            return {}
          end
          local list
          for i = 1, #fields, 2 do
            if fields[i] == 'owner' then
              list = ARGV[3] .. fields[i + 1]
            end
          end
          if list and type(redis.pcall('ZSCORE', list, ARGV[1])) ~= 'string' then
            redis.pcall('UNLINK', KEYS[1])
            redis.pcall('ZREM', KEYS[2], ARGV[1])
            return {}
          end
          local ends = now() + ARGV[2]
          redis.pcall('PEXPIRE', KEYS[1], ARGV[2])
          redis.pcall('ZADD', KEYS[2], ends, ARGV[1])
          redis.pcall('PEXPIRE', KEYS[2], ARGV[2])
          if list then
            redis.pcall('ZADD', list, 'XX', ends, ARGV[1])
            redis.pcall('PEXPIRE', list, ARGV[2])
          end
          return fields
          """;

  /**
   * Begins a session and returns when.
   *
   * <p>KEYS: 1 the session, 2 all sessions. ARGV: 1 the digest, 2 the timeout in ms.
   */
  static final String CREATE =
      NOW
          + """
          local began = now()
          redis.call('HSET', KEYS[1], 'created', string.format('%.0f', began))
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
          redis.call('ZADD', KEYS[2], began + ARGV[2], ARGV[1])
          redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', began)
          redis.call('PEXPIRE', KEYS[2], ARGV[2])
          return began
          """;

  /**
   * Changes a session, perhaps under another id or with another owner, and returns 1; 0 if it has
   * ended meanwhile, or is somebody else's now. What needs memory comes first: a full Redis refuses
   * it before anything is changed.
   *
   * <p>KEYS: 1 the session, 2 the session under its id from now on, 3 all sessions. ARGV: 1 the
   * digest, 2 the digest from now on, 3 the timeout in ms, 4 how the lists of owners begin, 5 the
   * owner, 6 the owner from now on (each empty for none), 7 how many fields go, then their names,
   * then the fields that change and their values.
   */
  static final String SAVE =
      NOW
          + """
          local before, after = ARGV[5], ARGV[6]
          if redis.call('EXISTS', KEYS[1]) == 0 then
            return 0
          end
          if (redis.call('HGET', KEYS[1], 'owner') or '') ~= before then
            return 0
          end
          if before ~= '' and not redis.call('ZSCORE', ARGV[4] .. before, ARGV[1]) then
            return 0
          end
          local ends, gone = now() + ARGV[3], 7 + tonumber(ARGV[7])
          for i = gone + 1, #ARGV, 2 do
            redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
          end
          local moved = KEYS[1] ~= KEYS[2]
          if after ~= '' and (moved or after ~= before) then
            redis.call('HSET', KEYS[1], 'owner', after)
            redis.call('ZADD', ARGV[4] .. after, ends, ARGV[2])
            redis.call('ZREMRANGEBYSCORE', ARGV[4] .. after, '-inf', ends - ARGV[3])
            redis.call('PEXPIRE', ARGV[4] .. after, ARGV[3])
          end
          if moved then
            redis.call('ZADD', KEYS[3], ends, ARGV[2])
            redis.call('ZREM', KEYS[3], ARGV[1])
          end
          if before ~= '' and (moved or after ~= before) then
            redis.call('ZREM', ARGV[4] .. before, ARGV[1])
          end
          if after == '' then
            redis.call('HDEL', KEYS[1], 'owner')
          end
          for i = 8, gone do
            redis.call('HDEL', KEYS[1], ARGV[i])
          end
          if moved then
            redis.call('RENAME', KEYS[1], KEYS[2])
          end
          redis.call('PEXPIRE', KEYS[2], ARGV[3])
          return 1
          """;

  /**
   * Ends a session and returns how many ended.
   *
   * <p>KEYS: 1 the session, 2 all sessions. ARGV: 1 the digest, 2 how the lists of owners begin.
   */
  static final String DELETE =
      """
      local owner = redis.pcall('HGET', KEYS[1], 'owner')
      if type(owner) == 'string' then
        redis.pcall('ZREM', ARGV[2] .. owner, ARGV[1])
      end
      redis.pcall('ZREM', KEYS[2], ARGV[1])
      return redis.call('UNLINK', KEYS[1])
      """;

  /**
   * Returns the digests of an owner's sessions, each with the ms at which it ends.
   *
   * <p>KEYS: 1 the list. ARGV: 1 how sessions begin.
   */
  static final String OF =
      NOW
          + """
          local at, found = now(), {}
          local listed = redis.call('ZRANGEBYSCORE', KEYS[1], at, '+inf', 'WITHSCORES')
          for i = 1, #listed, 2 do
            if redis.call('EXISTS', ARGV[1] .. listed[i]) == 1 then
              found[#found + 1] = listed[i]
              found[#found + 1] = listed[i + 1]
            end
          end
          return found
          """;

  /**
   * Ends all sessions of an owner and returns how many that were.
   *
   * <p>KEYS: 1 the list, 2 all sessions. ARGV: 1 how sessions begin.
   */
  static final String END_ALL =
      """
      local listed = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf')
      redis.call('UNLINK', KEYS[1])
      for i = 1, #listed do
        redis.call('UNLINK', ARGV[1] .. listed[i])
        redis.call('ZREM', KEYS[2], listed[i])
      end
      return #listed
      """;

  /** Returns how many sessions have not ended. KEYS: 1 all sessions. */
  static final String LIVE =
      NOW
          + """
          return redis.call('ZCOUNT', KEYS[1], now(), '+inf')
          """;

  private SessionScripts() {}
}
