package larder.monolith.views;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import larder.redis.RepeatedTask;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * Counts looks at profiles, but for those at one's own, and tells of all together. No page waits
 * for it: looks are gathered for a moment, which a crash loses, and handed on when the application
 * stops.
 */
@Component
class ProfileViewCounter implements SmartLifecycle {

  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final int MOST_WAITING = 10_000;

  private final ProfileViews views;
  private final ApplicationEventPublisher events;
  private final Clock clock;
  private final Gathering<Look> looks;
  private final RepeatedTask turns;

  ProfileViewCounter(ProfileViews views, ApplicationEventPublisher events, Clock clock) {
    this.views = views;
    this.events = events;
    this.clock = clock;
    this.looks = new Gathering<>(this::handOn, MOST_WAITING);
    this.turns = new RepeatedTask("larder-views", looks::handOn, () -> MOMENT);
  }

  private record Look(ProfileView view, boolean own) {}

  @EventListener
  void seen(ProfileViewed seen) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    looks.add(new Look(new ProfileView(seen.userId(), today), isOwn(seen.userId())));
  }

  private void handOn(List<Look> some) {
    try {
      events.publishEvent(
          new ProfilesViewed(
              some.stream().collect(toMap(look -> look.view().userId(), look -> 1, Integer::sum))));
    } finally {
      count(some.stream().filter(look -> !look.own()).map(Look::view).toList());
    }
  }

  private void count(List<ProfileView> seen) {
    if (!seen.isEmpty()) {
      views.count(seen);
    }
  }

  /** Whether the request's viewer is the user: accounts are named by their ids. */
  private static boolean isOwn(long userId) {
    Authentication viewer = SecurityContextHolder.getContext().getAuthentication();
    return viewer != null && viewer.getName().equals(Long.toString(userId));
  }

  /** After the web server at a stop, which begins with the highest. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    turns.start();
  }

  @Override
  public void stop() {
    turns.stop();
    looks.handOn();
  }

  @Override
  public boolean isRunning() {
    return turns.isRunning();
  }
}
