package larder.monolith.views;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Counts looks at profiles, but for those at one's own. */
@Component
class ProfileViewCounter {

  private final ProfileViews views;
  private final Clock clock;

  ProfileViewCounter(ProfileViews views, Clock clock) {
    this.views = views;
    this.clock = clock;
  }

  @EventListener
  void seen(ProfileViewed seen) {
    if (!isOwn(seen.userId())) {
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      views.count(List.of(new ProfileView(seen.userId(), today)));
    }
  }

  /** Whether the request's viewer is the user: accounts are named by their ids. */
  private static boolean isOwn(long userId) {
    Authentication viewer = SecurityContextHolder.getContext().getAuthentication();
    return viewer != null && viewer.getName().equals(Long.toString(userId));
  }
}
