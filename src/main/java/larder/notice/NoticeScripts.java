package larder.notice;

/**
 * The scripts that keep the stream of notices, each one atomic step on the master.
 *
 * <h2>Stored layout</h2>
 *
 * One stream, and a channel named like a key of the same hash slot:
 *
 * <pre>
 * {app:notices}:stream   stream  id from Redis's clock; fields
 *                                p  the id before it, 0-0 for the first of a stream
 *                                t  topic
 *                                m  text
 * {app:notices}:channel  what was appended: "p id topic", a line feed, and the text
 * </pre>
 *
 * The stream is trimmed to about a set length and to a set age whenever something is appended. It
 * has no expiry: its last id outlives its entries, so that an empty stream differs from a lost one.
 */
final class NoticeScripts {

  /** Sets {@code last} to the last id that the stream has given. */
  private static final String LAST =
      """
      local last = '0-0'
      if redis.call('EXISTS', KEYS[1]) == 1 then
        local info = redis.call('XINFO', 'STREAM', KEYS[1])
        for i = 1, #info, 2 do
          if info[i] == 'last-generated-id' then
            last = info[i + 1]
          end
        end
      end
      """;

  /**
   * Appends a notice and announces it, so that nobody hears of what is not in the stream.
   *
   * <p>ARGV: 1 the length kept, 2 the age kept in milliseconds, 3 the topic, 4 the text.
   */
  static final String APPEND =
      LAST
          + """
          local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*',
            'p', last, 't', ARGV[3], 'm', ARGV[4])
          local oldest = tonumber(string.match(id, '^(%d+)')) - tonumber(ARGV[2])
          redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', math.max(oldest, 0)))
          redis.call('PUBLISH', KEYS[2], last .. ' ' .. id .. ' ' .. ARGV[3] .. '\\n' .. ARGV[4])
          return id
          """;

  /** Reads behind a position. ARGV: 1 the position, 2 how many notices at most. */
  static final String READ =
      LAST
          + """
          local read = redis.call('XREAD', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], ARGV[1])
          return {last, read and read[1][2] or {}}
          """;

  private NoticeScripts() {}
}
