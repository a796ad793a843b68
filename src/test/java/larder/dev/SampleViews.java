package larder.dev;

import java.util.List;
import larder.monolith.trending.Period;
import larder.monolith.users.UserSummary;
import larder.monolith.users.Users;
import larder.monolith.views.ProfileViewed;
import larder.ranking.Leaderboard;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** A few looks at profiles when nobody has looked at any, so that the first page has something. */
@Configuration(proxyBeanMethods = false)
class SampleViews {

  private static final int PROFILES = 14;

  @Bean
  Look sampleLook(Users users, Leaderboard views, ApplicationEventPublisher events) {
    return new Look(users, views, events);
  }

  /** Looks once, when the application is ready. */
  record Look(Users users, Leaderboard views, ApplicationEventPublisher events) {

    @EventListener(ApplicationReadyEvent.class)
    void look() {
      if (List.of().equals(views.top(Period.DAY.window(), 1))) {
        List<UserSummary> seen = users.directory("an", 0, PROFILES).users();
        for (int i = 0; i < seen.size(); i++) {
          for (int view = 0; view < 2 * (seen.size() - i); view++) {
            events.publishEvent(new ProfileViewed(seen.get(i).id()));
          }
        }
      }
    }
  }
}
