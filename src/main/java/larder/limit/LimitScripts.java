package larder.limit;

/**
 * The scripts that decide, each one atomic step on the master, by the server's time.
 *
 * <h2>Stored layout</h2>
 *
 * One key for each limit and subject, all in one hash slot, so that one script takes from several
 * limits or from none; see {@link SubjectKeys} for their names. All times are microseconds of the
 * server's clock.
 *
 * <pre>
 * {app:limits}:NAME:f:HASH  string  START:COUNT  when the window began, calls allowed in it
 * {app:limits}:NAME:s:HASH  list    the times of the allowed calls in the window, oldest first
 * {app:limits}:NAME:t:HASH  string  the time at which the bucket will be full again
 * </pre>
 *
 * Each lives until it says no more than its absence: the end of the window, a window after the last
 * call, the time when the bucket is full. What does not read as this counts as absent.
 *
 * <h2>Why it is never above</h2>
 *
 * <b>Sliding.</b> A call at u is allowed when fewer than LIMIT allowed calls have times above u -
 * WINDOW. Were LIMIT + 1 allowed within (t, t + WINDOW], the last of them, at u, would have met
 * LIMIT others with times above t >= u - WINDOW. <b>Fixed.</b> A count below LIMIT is needed, and
 * begins anew a WINDOW after START only. <b>Bucket</b> (the generic cell rate algorithm). FULL is
 * when the bucket is full; a call sets it to max(FULL, now) + INTERVAL and is allowed when that is
 * at most BURST intervals ahead. n + 1 calls in a time of length d move it from at least the first
 * call's time on by n + 1 intervals, so (n + 1) * INTERVAL <= d + BURST * INTERVAL. INTERVAL is
 * WINDOW / LIMIT, rounded up.
 *
 * <h2>The server's clock is set back</h2>
 *
 * Then times ahead of now stand in the keys. Less than a window ahead (for a bucket: than the time
 * in which it fills) the limit waits for the clock, which is safe; more, it begins anew, so that
 * nobody is refused for long.
 */
final class LimitScripts {

  private static final String SHARED =
      """
      local function whole(text)
        return type(text) == 'string' and #text < 17 and string.match(text, '^%d+$') and tonumber(text)
      end

      local function read(key, command, ...)
        local reply = redis.pcall(command, key, ...)
        if type(reply) == 'table' and reply.err then
          redis.call('UNLINK', key)
          return false
        end
        return reply
      end

      local function window(key)
        local start, count = string.match(read(key, 'GET') or '', '^(%d+):(%d+)$')
        return whole(start), whole(count)
      end
      """;

  /**
   * Decides. KEYS: one for each claim. ARGV: for each claim its algorithm, limit, length (of the
   * window; for a bucket the interval) and burst. Returns the time, whether all are allowed, and
   * for each claim whether it has room, what remains, what to wait, and the stamp of what it took.
   */
  static final String ASK =
      SHARED
          + """
          local time = redis.call('TIME')
          local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

          local function keep(key, value, micros)
            redis.call('SET', key, value, 'PX', string.format('%.0f', math.floor(micros / 1000) + 1))
          end

          local look = {}

          function look.f(key, limit, length)
            local start, count = window(key)
            if not start or not count or now >= start + length or start > now + length then
              start, count = now, 0
            end
            local last = start + length - now
            local function take()
              keep(key, string.format('%.0f:%.0f', start, count + 1), last)
              return limit - count - 1, last, start
            end
            return count < limit, math.max(limit - count, 0), last, take
          end

          function look.s(key, limit, length)
            local last = whole(read(key, 'LINDEX', -1))
            if not last or last > now + length then
              redis.call('UNLINK', key)
              last = now
            end
            local stamp = math.max(now, last)
            local first = redis.call('LINDEX', key, 0)
            while first and (whole(first) or 0) <= stamp - length do
              redis.call('LPOP', key)
              first = redis.call('LINDEX', key, 0)
            end
            local count = redis.call('LLEN', key)
            local next = whole(redis.call('LINDEX', key, math.max(count - limit, 0))) or stamp
            local wait = next + length - now
            local function take()
              redis.call('RPUSH', key, string.format('%.0f', stamp))
              local life = math.floor((stamp + length - now) / 1000) + 1
              redis.call('PEXPIRE', key, string.format('%.0f', life))
              return limit - count - 1, wait, stamp
            end
            return count < limit, math.max(limit - count, 0), wait, take
          end

          function look.t(key, limit, interval, burst)
            local full = whole(read(key, 'GET')) or now
            if full - now > 2 * burst * interval then
              full = now
            end
            full = math.max(full, now)
            local function left(at)
              return math.max(math.floor((burst * interval - (at - now)) / interval), 0)
            end
            local function wait(at)
              return math.max((at - now) - (burst - left(at) - 1) * interval, 0)
            end
            local function take()
              local at = full + interval
              keep(key, string.format('%.0f', at), at - now)
              return left(at), wait(at), at
            end
            return full + interval - now <= burst * interval, left(full), wait(full), take
          end

          local looks, all = {}, 1
          for i = 1, #KEYS do
            local a = i * 4 - 3
            local numbers = {tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])}
            local allowed, left, wait, take = look[ARGV[a]](KEYS[i], unpack(numbers))
            looks[i] = {allowed = allowed, left = left, wait = wait, take = take}
            if not allowed then
              all = 0
            end
          end
          local reply = {now, all}
          for i = 1, #KEYS do
            local one = looks[i]
            local left, wait, stamp = one.left, one.wait, 0
            if all == 1 then
              left, wait, stamp = one.take()
            end
            for _, part in ipairs({one.allowed and 1 or 0, left, wait, stamp}) do
              reply[#reply + 1] = part
            end
          end
          return reply
          """;

  /** Gives back what one call took. KEYS: 1. ARGV: 1 the algorithm, 2 the stamp. */
  static final String GIVE_BACK =
      SHARED
          + """
          if ARGV[1] == 's' then
            local removed = redis.pcall('LREM', KEYS[1], -1, ARGV[2])
            return type(removed) == 'number' and removed or 0
          end
          local start, count = window(KEYS[1])
          if start ~= whole(ARGV[2]) or not count or count < 1 then
            return 0
          end
          local life = redis.call('PTTL', KEYS[1])
          if life > 0 then
            redis.call('SET', KEYS[1], string.format('%.0f:%.0f', start, count - 1), 'PX', life)
          end
          return 1
          """;

  private LimitScripts() {}
}
