package larder.locks;

/**
 * The scripts that keep locks, each one atomic step on the master.
 *
 * <h2>Stored layout</h2>
 *
 * One hash for all locks of an application, with a life of seven days after the last that was
 * taken:
 *
 * <pre>
 * {app:locks}:state   hash  run         the server whose life the epoch belongs to
 *                           epoch, n    the last number given
 *                           began       when the epoch began, 0 if nobody can have owned a lock
 *                           opening     under which the next epoch is fetched: the server and a name
 *                           lock:NAME   owner|epoch|n|until|since
 *                           queue:NAME  owner=until,owner=until  those who wait, in turn
 * </pre>
 *
 * Times are milliseconds of the server's clock. Since all of it is one key, none of it can be lost
 * alone: an eviction, a restart or a failover shows as a hash of another server, or none.
 *
 * <h2>Epochs</h2>
 *
 * A number is an epoch and a count within it. A server that does not find its own run id may have
 * lost what the last one gave, so it gives nothing before somebody brings a new epoch; whoever asks
 * is told under which opening to bring it, and fetches it after that. An opening ends with the life
 * of the server, and with the loss of the hash, so an epoch that was fetched before another one
 * began is never taken.
 *
 * <h2>Grace</h2>
 *
 * What was lost may have had an owner that still runs. So no lock is given until one lease after an
 * epoch began. Until then an owner may take its own back when it prolongs its lease; afterwards it
 * has had no lease for that long.
 *
 * <p>The scripts use INFO and TIME beside the commands on their key, which an ACL must allow.
 */
final class LockScripts {

  /** A count goes as far as this within an epoch. */
  static final long COUNTS = 1L << 30;

  /** ARGV: 1 the name of the lock, 2 its owner, 3 its lease. */
  private static final String STATE =
      """
      local state, name, owner, lease = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
      local time = redis.call('TIME')
      local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
      local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
      local known = redis.call('HMGET', state, 'run', 'epoch', 'n', 'began', 'opening',
        'lock:' .. name, 'queue:' .. name)
      local epoch, n = tonumber(known[2] or '') or 0, tonumber(known[3] or '') or 0
      local began = tonumber(known[4] or '') or 0
      local holder, e, k, ends, since =
        string.match(known[6] or '', '^([^|]+)|(%d+)|(%d+)|(%d+)|(%d+)$')

      local function text(number)
        return string.format('%.0f', number)
      end

      local function own(inEpoch, count, from)
        redis.call('HSET', state, 'lock:' .. name,
          table.concat({owner, inEpoch, count, text(now + lease), from}, '|'))
      end

      local function queue(places)
        if #places == 0 then
          redis.call('HDEL', state, 'queue:' .. name)
        else
          redis.call('HSET', state, 'queue:' .. name, table.concat(places, ','))
        end
      end
      """;

  /**
   * Takes a lock if it is free and nobody is before the caller; else keeps a place. Asked again, it
   * answers the same.
   *
   * <p>ARGV further: 4 how long a place is kept, 0 for none; 5 the opening, 6 and 7 an epoch that
   * was fetched for it, and 1 if it is the first; 8 how long the hash lives, 9 how far a count
   * goes, 10 a name for a new opening, which was never used before.
   */
  static final String TAKE =
      STATE
          + """
          local place = tonumber(ARGV[4])
          if known[1] ~= run or n + 1 >= tonumber(ARGV[9]) then
            local opening = known[5]
            if not opening or string.sub(opening, 1, #run + 1) ~= run .. ':' then
              opening = run .. ':' .. ARGV[10]
              redis.call('HSET', state, 'opening', opening)
              redis.call('PEXPIRE', state, ARGV[8])
            end
            if ARGV[5] ~= opening or tonumber(ARGV[6]) <= epoch then
              return {'open', opening}
            end
            epoch, n, began = tonumber(ARGV[6]), 0, ARGV[7] == '1' and 0 or now
            redis.call('HDEL', state, 'opening')
            redis.call('HSET', state, 'run', run)
            redis.call('HSET', state, 'epoch', ARGV[6])
            redis.call('HSET', state, 'n', '0')
            redis.call('HSET', state, 'began', text(began))
          end
          if holder == owner then
            own(e, k, since)
            return {'taken', e, k, since}
          end

          local places, mine = {}, false
          for id, kept in string.gmatch(known[7] or '', '([^=,]+)=(%d+)') do
            if id == owner then
              mine = #places + 1
              places[mine] = owner .. '=' .. text(now + place)
            elseif tonumber(kept) > now then
              places[#places + 1] = id .. '=' .. kept
            end
          end
          local held = holder and tonumber(ends) > now
          if not held and now >= began + lease and (#places == 0 or mine == 1) then
            n = n + 1
            if mine then
              table.remove(places, mine)
            end
            redis.call('HSET', state, 'n', text(n))
            own(text(epoch), text(n), text(now))
            queue(places)
            redis.call('PEXPIRE', state, ARGV[8])
            if n % 100 == 0 then
              local all = redis.call('HGETALL', state)
              for i = 1, #all, 2 do
                local over = string.match(all[i + 1], '^[^|]+|%d+|%d+|(%d+)|%d+$')
                if string.sub(all[i], 1, 5) == 'lock:' and over and tonumber(over) <= now then
                  redis.call('HDEL', state, all[i])
                end
              end
            end
            return {'taken', text(epoch), text(n), text(now)}
          end
          if place > 0 then
            if not mine then
              places[#places + 1] = owner .. '=' .. text(now + place)
            end
            queue(places)
          end
          return {held and 'held' or 'kept'}
          """;

  /**
   * Prolongs a lease. ARGV further: 4 and 5 the number, 6 since when, 7 whether what the server
   * lost may be taken back.
   */
  static final String RENEW =
      STATE
          + """
          if holder == owner then
            own(e, k, since)
            return 1
          end
          if not holder and ARGV[7] == '1' and (known[1] ~= run or now < began + lease) then
            own(ARGV[4], ARGV[5], ARGV[6])
            return 1
          end
          return 0
          """;

  /**
   * Gives back a lock and a place; 1 if the lock was the caller's. ARGV further: 4 how long the
   * lock stays taken at least, nobody's to prolong.
   */
  static final String LEAVE =
      STATE
          + """
          local places = {}
          for id, kept in string.gmatch(known[7] or '', '([^=,]+)=(%d+)') do
            if id ~= owner and tonumber(kept) > now then
              places[#places + 1] = id .. '=' .. kept
            end
          end
          if known[7] then
            queue(places)
          end
          if holder ~= owner then
            return 0
          end
          local stays = tonumber(since) + tonumber(ARGV[4])
          if stays > now then
            redis.call('HSET', state, 'lock:' .. name,
              table.concat({owner .. '.', e, k, text(stays), since}, '|'))
          else
            redis.call('HDEL', state, 'lock:' .. name)
          end
          return 1
          """;

  private LockScripts() {}
}
