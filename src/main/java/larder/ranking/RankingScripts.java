package larder.ranking;

/**
 * The scripts that keep a leaderboard, each one atomic step on the master.
 *
 * <h2>Stored layout</h2>
 *
 * All keys of a board are in one hash slot, and each has a time to live:
 *
 * <pre>
 * {app:ranking-BOARD}:WINDOW:N        sorted set  member, points that were added in step N
 * {app:ranking-BOARD}:WINDOW:at:M     list        an empty text, then the first members in minute M
 * {app:ranking-BOARD}:WINDOW:now      sorted set  while a script adds up, and no longer
 * </pre>
 *
 * Step N is the server's time divided by the length of a step. A score is the sum over the steps of
 * a window of points times weight, both whole numbers: so it does not depend on the order in which
 * points came, and is exact up to 2^53. The keys follow from the first, which only tells the slot.
 */
final class RankingScripts {

  private static final String TIME =
      """
      local board = KEYS[1]
      local time = redis.call('TIME')
      local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

      local function text(number)
        return string.format('%.0f', number)
      end
      """;

  /**
   * Adds points. ARGV: 1 how many members are kept, 2 how many windows, for each of these its name,
   * step and steps, then for each member who it is and the points.
   */
  static final String ADD =
      TIME
          + """
          local kept, members = tonumber(ARGV[1]), 3 + 3 * tonumber(ARGV[2])
          for i = 3, members - 1, 3 do
            local step, steps = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
            local key = board .. ARGV[i] .. ':' .. text(math.floor(now / step))
            for m = members, #ARGV, 2 do
              redis.call('ZINCRBY', key, ARGV[m + 1], ARGV[m])
            end
            redis.call('PEXPIRE', key, text(step * (steps + 1)))
            if redis.call('ZCARD', key) > 2 * kept then
              redis.call('ZREMRANGEBYRANK', key, 0, -kept - 1)
            end
          end
          return 1
          """;

  /** ARGV: 1 to 3 the window's name, step and steps. */
  private static final String SUM =
      TIME
          + """
          local window, step, steps = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
          local sum = board .. window .. ':now'
          local keys, weights = {}, {}
          for age = 0, steps - 1 do
            keys[#keys + 1] = board .. window .. ':' .. text(math.floor(now / step) - age)
            weights[#weights + 1] = steps - age
          end
          local call = {'ZUNIONSTORE', sum, #keys}
          for i = 1, #keys do
            call[#call + 1] = keys[i]
          end
          call[#call + 1] = 'WEIGHTS'
          for i = 1, #weights do
            call[#call + 1] = weights[i]
          end
          redis.call(unpack(call))
          """;

  /** Returns the first members with their scores. ARGV further: 4 how many. */
  static final String TOP =
      SUM
          + """
          local found = redis.call('ZREVRANGE', sum, 0, tonumber(ARGV[4]) - 1, 'WITHSCORES')
          redis.call('DEL', sum)
          for i = 2, #found, 2 do
            found[i] = text(tonumber(found[i]))
          end
          return found
          """;

  /** Returns the place, from 0, and the score of a member, or nothing. ARGV further: 4 who. */
  static final String RANK =
      SUM
          + """
          local place = redis.call('ZREVRANK', sum, ARGV[4])
          local score = redis.call('ZSCORE', sum, ARGV[4])
          redis.call('DEL', sum)
          if not place then
            return {}
          end
          return {text(place), text(tonumber(score))}
          """;

  /** Keeps the first members as of this minute. ARGV further: 4 how many, 5 how long. */
  static final String REMEMBER =
      SUM
          + """
          local found = redis.call('ZREVRANGE', sum, 0, tonumber(ARGV[4]) - 1)
          redis.call('DEL', sum)
          local key = board .. window .. ':at:' .. text(math.floor(now / 60000))
          redis.call('DEL', key)
          redis.call('RPUSH', key, '', unpack(found))
          redis.call('PEXPIRE', key, ARGV[5])
          return 1
          """;

  /**
   * Returns the members that were kept some minutes ago, or up to five earlier, behind an empty
   * text; nothing if none were. ARGV: 1 the window's name, 2 how many minutes ago.
   */
  static final String EARLIER =
      TIME
          + """
          local minute = math.floor(now / 60000) - tonumber(ARGV[2])
          for back = 0, 5 do
            local found = redis.call('LRANGE', board .. ARGV[1] .. ':at:' .. text(minute - back), 0, -1)
            if #found > 0 then
              return found
            end
          end
          return {}
          """;

  private RankingScripts() {}
}
