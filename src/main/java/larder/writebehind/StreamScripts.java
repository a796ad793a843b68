package larder.writebehind;

/**
 * The scripts that keep the stream of a partition, each one atomic step on the master.
 *
 * <h2>Stored layout</h2>
 *
 * Three keys of one hash slot, here for partition 3 of the buffer {@code profile-views}:
 *
 * <pre>
 * {larder:profile-views.3}:behind        stream  id by Redis; e: its epoch, p: the record as JSON
 * {larder:profile-views.3}:behind:state  hash    epoch, server   the epoch, and who began it
 *                                                attempts, until how often the first entries have
 *                                                failed, and when they may be tried again
 * {larder:profile-views.3}:behind:lease  string  the node that writes from it now; expires
 * </pre>
 *
 * None but the lease has a time to live, and none may be evicted: what waits exists nowhere else.
 *
 * <h2>Epochs</h2>
 *
 * Ids grow within one stream on one server. After a restart, a failover or a loss of the stream
 * they may begin again below, and one id would name two entries. So entries carry an epoch, a
 * random text that changes when the stream is gone or when another master appends (its replication
 * id differs, as it does after each restart). Of one epoch all ids are given by one server to one
 * stream.
 */
final class StreamScripts {

  /**
   * Appends all or nothing. ARGV: 1 the bound, 2 the next epoch, then the payloads. Returns 1, or 0
   * if there is no room.
   */
  static final String APPEND =
      """
      local stream, state = KEYS[1], KEYS[2]
      local there = redis.call('EXISTS', stream) == 1
      if redis.call('XLEN', stream) + #ARGV - 2 > tonumber(ARGV[1]) then
        return 0
      end
      local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
      local known = redis.call('HMGET', state, 'epoch', 'server')
      local epoch = known[1]
      if not there or not epoch or known[2] ~= server then
        epoch = ARGV[2]
        redis.call('HSET', state, 'epoch', epoch, 'server', server)
      end
      for i = 3, #ARGV do
        redis.call('XADD', stream, '*', 'e', epoch, 'p', ARGV[i])
      end
      return 1
      """;

  /**
   * Looks, and takes the lease if there is something to do. ARGV: 1 the node, 2 the lease in
   * milliseconds, 3 how many entries at most.
   */
  static final String TAKE =
      """
      local stream, state, lease = KEYS[1], KEYS[2], KEYS[3]
      local time = redis.call('TIME')
      local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
      local length = redis.call('XLEN', stream)
      local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
      local known = redis.call('HMGET', state, 'attempts', 'until')
      local attempts, due = tonumber(known[1] or '') or 0, tonumber(known[2] or '') or 0
      if due > now + 86400000 then
        due = 0
      end
      local holder = redis.call('GET', lease) or ''
      local entries = {}
      if length > 0 and now >= due and (holder == '' or holder == ARGV[1]) then
        redis.call('SET', lease, ARGV[1], 'PX', ARGV[2])
        entries = redis.call('XRANGE', stream, '-', '+', 'COUNT', ARGV[3])
      end
      return {now, length, first and first[1] or '', holder, attempts, entries}
      """;

  /**
   * Removes entries, each only if it is of the epoch it is said to be. ARGV: 1 the node, 2 whether
   * it keeps the lease, then ids and epochs in turn.
   */
  static final String REMOVE =
      """
      local stream, state, lease = KEYS[1], KEYS[2], KEYS[3]
      local epochs = {}
      for i = 3, #ARGV, 2 do
        epochs[ARGV[i]] = ARGV[i + 1]
      end
      local count = (#ARGV - 2) / 2
      local found = redis.call('XRANGE', stream, ARGV[3], ARGV[#ARGV - 1], 'COUNT', count)
      local removed = 0
      for _, entry in ipairs(found) do
        local epoch = ''
        for i = 1, #entry[2], 2 do
          if entry[2][i] == 'e' then
            epoch = entry[2][i + 1]
            break
          end
        end
        if epochs[entry[1]] == epoch then
          removed = removed + redis.call('XDEL', stream, entry[1])
        end
      end
      redis.call('HDEL', state, 'attempts', 'until')
      if ARGV[2] == '0' and redis.call('GET', lease) == ARGV[1] then
        redis.call('DEL', lease)
      end
      return removed
      """;

  /**
   * Gives the partition back for a while. ARGV: 1 the node, 2 how often it has failed now, 3 the
   * pause in milliseconds.
   */
  static final String POSTPONE =
      """
      local state, lease = KEYS[2], KEYS[3]
      if redis.call('GET', lease) ~= ARGV[1] then
        return 0
      end
      local time = redis.call('TIME')
      local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
      redis.call('HSET', state, 'attempts', ARGV[2], 'until', string.format('%.0f', now + ARGV[3]))
      redis.call('DEL', lease)
      return 1
      """;

  private StreamScripts() {}
}
