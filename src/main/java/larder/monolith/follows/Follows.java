package larder.monolith.follows;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import larder.cache.CachePolicy;
import larder.monolith.users.NoSuchUser;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.PageRequest;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Who follows whom. What is cached here depends on the table of follows as a whole, and so is
 * loaded again after anybody has followed anybody.
 */
@Service
@Transactional(readOnly = true)
@CachePolicy(caches = "followed-ids", ttl = "1h")
@CachePolicy(caches = "followed-profiles", ttl = "5m")
public class Follows {

  /** Most people that one may follow, give or take those followed at once. */
  public static final int MOST = 1_000;

  /** Most people that the list shows. */
  static final int LISTED = 100;

  private final FollowRepository repository;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  Follows(FollowRepository repository, ApplicationEventPublisher events, Clock clock) {
    this.repository = repository;
    this.events = events;
    this.clock = clock;
  }

  /** Returns the ids of those whom a person follows, in no order. */
  @Cacheable("followed-ids")
  public List<Long> followedBy(long follower) {
    return List.copyOf(repository.followedBy(follower));
  }

  /** Returns the same as the database has it now, past all caches. */
  public Set<Long> followedNow(long follower) {
    return Set.copyOf(repository.followedBy(follower));
  }

  /** Whether one person follows another, as the database has it now. */
  public boolean followsNow(long follower, long followed) {
    return repository.existsByFollowerIdAndFollowedId(follower, followed);
  }

  /** Returns those whom a person follows, the last changed first: up to {@value #LISTED}. */
  @Cacheable("followed-profiles")
  public List<FollowedProfile> profiles(long follower) {
    return List.copyOf(repository.profiles(follower, PageRequest.of(0, LISTED)));
  }

  /**
   * Has one person follow another. Nothing happens if they do, or if both are one.
   *
   * @throws NoSuchUser if either does not exist, or no longer does
   * @throws TooManyFollowed if the follower follows {@link #MOST}
   */
  @Transactional
  public void follow(long follower, long followed) {
    if (follower == followed) {
      return;
    }
    if (repository.followedBy(follower).size() >= MOST) {
      throw new TooManyFollowed();
    }
    try {
      if (repository.add(follower, followed, clock.instant()) > 0) {
        events.publishEvent(new FollowsChanged(follower));
      }
    } catch (DataIntegrityViolationException gone) {
      throw new NoSuchUser(followed);
    }
  }

  /** Has one person no longer follow another; nothing happens if they do not. */
  @Transactional
  public void unfollow(long follower, long followed) {
    if (repository.remove(follower, followed) > 0) {
      events.publishEvent(new FollowsChanged(follower));
    }
  }
}
