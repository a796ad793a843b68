package larder.cache.log.redis;

/**
 * The scripts that keep the log, each one atomic step on the master.
 *
 * <h2>Stored layout</h2>
 *
 * Two keys of one hash slot:
 *
 * <pre>
 * {app}:log         stream  id epoch-n, one field r: the record as LogRecordCodec writes it
 * {app}:log:state   hash    epoch, n       the last id given
 *                           opened-by      the replication id of the master that opened the epoch
 *                           timeline:NAME  the latest timeline of a database that sent a heartbeat
 * </pre>
 *
 * The stream is trimmed to about a set length, the hash has no expiry. Either may be lost alone,
 * and then a new epoch opens: the stream's last entry has to be the last id given.
 *
 * <h2>Epochs</h2>
 *
 * An epoch is the server's time in ticks of 256 ms times 2^18, plus 18 bits that the caller draws
 * at random; or, when that is not above all that the script knows of, the next tick with such bits.
 * Without them one number could be given to two histories: by two servers that open at once, or by
 * one whose clock is behind, which opens, is wiped, and opens again for a caller who has seen
 * neither. It stays below 2^53, which is as far as Lua counts.
 *
 * <p>The scripts use INFO and TIME beside the commands on their two keys, which an ACL must allow.
 */
final class LogScripts {

  /**
   * What both appending scripts share.
   *
   * <p>ARGV: 1 and 2 the latest position of a caller, 3 the number behind which records are
   * returned, 4 how many at most, 5 the length kept, 6 eighteen random bits, 7 the record that
   * opens an epoch. What is appended follows. The reply: the last id; 1 if all was appended; the
   * records behind the position, or none and then a 1, if they are what was appended and nothing
   * else.
   */
  private static final String HISTORY =
      """
      local stream, state = KEYS[1], KEYS[2]
      local seenEpoch, seenN = tonumber(ARGV[1]), tonumber(ARGV[2])
      local known = redis.call('HMGET', state, 'epoch', 'n', 'opened-by')
      local epoch, n = tonumber(known[1] or '') or 0, tonumber(known[2] or '') or 0
      local replication = redis.call('INFO', 'replication')
      local server = string.match(replication, 'master_replid:(%w+)')

      local function id(e, k)
        return string.format('%.0f-%.0f', e, k)
      end

      local function append(record)
        n = n + 1
        redis.call('XADD', stream, 'MAXLEN', '~', ARGV[5], id(epoch, n), 'r', record)
      end

      local function keep()
        redis.call('HSET', state, 'epoch', string.format('%.0f', epoch),
            'n', string.format('%.0f', n))
      end

      local function top()
        if redis.call('EXISTS', stream) == 0 then
          return 0
        end
        local info = redis.call('XINFO', 'STREAM', stream)
        for i = 1, #info, 2 do
          if info[i] == 'last-generated-id' then
            return tonumber(string.match(info[i + 1], '^(%d+)'))
          end
        end
        return 0
      end

      local function open()
        local time = redis.call('TIME')
        local milli = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local tick = math.floor(milli / 256)
        local greatest = math.max(epoch, seenEpoch, top())
        epoch = math.max(tick, math.floor(greatest / 262144) + 1) * 262144 + tonumber(ARGV[6])
        n = 0
        redis.call('HSET', state, 'opened-by', server)
        append(ARGV[7])
        keep()
      end

      local function reply(accepted, appended)
        local from = tonumber(ARGV[3])
        if seenEpoch ~= epoch then
          return {id(epoch, n), accepted, {}, 0}
        end
        if from + appended == n then
          return {id(epoch, n), accepted, {}, 1}
        end
        local since = redis.call('XRANGE', stream, id(epoch, from + 1), '+', 'COUNT', ARGV[4])
        return {id(epoch, n), accepted, since, 0}
      end

      local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
      local whole = last and last[1] == id(epoch, n)
      local behind = seenEpoch > epoch or (seenEpoch == epoch and seenN > n)
      if epoch == 0 or known[3] ~= server or behind or not whole then
        open()
      end
      """;

  /** Appends records. ARGV further: from 8 the records. */
  static final String APPEND =
      HISTORY
          + """
          for i = 8, #ARGV do
            append(ARGV[i])
          end
          keep()
          return reply(1, #ARGV - 7)
          """;

  /**
   * Appends a heartbeat. ARGV further: 8 the record, 9 its epoch, 10 its source's name, 11 the
   * timeline.
   */
  static final String HEARTBEAT =
      HISTORY
          + """
          local field, timeline = 'timeline:' .. ARGV[10], tonumber(ARGV[11])
          local latest = tonumber(redis.call('HGET', state, field) or '') or timeline
          if timeline > latest then
            open()
          end
          if timeline >= latest then
            redis.call('HSET', state, field, ARGV[11])
          end
          if timeline < latest or tonumber(ARGV[9]) ~= epoch then
            return reply(0, 0)
          end
          append(ARGV[8])
          keep()
          return reply(1, 1)
          """;

  /**
   * Reads behind a cursor, and says which server answers. ARGV: 1 the cursor, 2 how many records at
   * most.
   */
  static final String POLL =
      """
      local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
      local read = redis.call('XREAD', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], ARGV[1])
      return {server, read and read[1][2] or {}}
      """;

  private LogScripts() {}
}
