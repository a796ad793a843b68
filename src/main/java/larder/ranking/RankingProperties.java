package larder.ranking;

import larder.redis.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of leaderboards.
 *
 * @param capacity so many members are kept of each step of a window at least, twice as many at most
 */
@ConfigurationProperties("larder.ranking")
public record RankingProperties(@DefaultValue("1000") int capacity) {

  public RankingProperties {
    boolean fits = capacity >= 1 && capacity <= 100_000;
    Setting.check("larder.ranking.capacity", fits, capacity, "1 to 100000");
  }
}
