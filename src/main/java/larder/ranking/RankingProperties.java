package larder.ranking;

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
    if (capacity < 1 || capacity > 100_000) {
      throw new IllegalArgumentException(
          "larder.ranking.capacity must be 1 to 100000, was: " + capacity);
    }
  }
}
