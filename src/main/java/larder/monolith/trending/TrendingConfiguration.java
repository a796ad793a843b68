package larder.monolith.trending;

import larder.monolith.views.ProfileViewed;
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

  /** Counts each look at a profile, without waiting for it. */
  static final class Count {

    private final Leaderboard views;

    Count(Leaderboard views) {
      this.views = views;
    }

    @EventListener
    void on(ProfileViewed viewed) {
      var unused = views.add(Long.toString(viewed.userId()), 1);
    }
  }
}
