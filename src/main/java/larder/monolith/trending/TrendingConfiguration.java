package larder.monolith.trending;

import java.util.HashMap;
import java.util.Map;
import larder.monolith.views.ProfilesViewed;
import larder.ranking.Leaderboard;
import larder.ranking.Leaderboards;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** The leaderboard of profiles, and what counts on it. */
@Configuration(proxyBeanMethods = false)
class TrendingConfiguration {

  @Bean
  Leaderboard viewedProfiles(Leaderboards boards) {
    return boards.create("profiles", Period.HOUR.window(), Period.DAY.window());
  }

  @Bean
  Count countOfViews(Leaderboard viewedProfiles) {
    return new Count(viewedProfiles);
  }

  /** Gives each look at a profile a point, without waiting for it. */
  static final class Count {

    private final Leaderboard views;

    Count(Leaderboard views) {
      this.views = views;
    }

    @EventListener
    void on(ProfilesViewed viewed) {
      Map<String, Integer> points = new HashMap<>();
      viewed.looks().forEach((user, looks) -> points.put(Long.toString(user), looks));
      var unused = views.add(points);
    }
  }
}
