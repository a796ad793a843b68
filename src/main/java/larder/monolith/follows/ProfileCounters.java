package larder.monolith.follows;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import larder.cache.BulkCacheable;
import larder.cache.CachePolicy;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The counters of a profile, each a field of the person's hash in Redis. They depend on the table
 * of follows as a whole.
 */
@Service
@Transactional(readOnly = true)
@CachePolicy(caches = "profile-counters", ttl = "1h", fields = true)
public class ProfileCounters {

  /** How many follow a person. */
  public static final String FOLLOWERS = "followers";

  /** How many a person follows. */
  public static final String FOLLOWING = "following";

  /** The counters that a profile shows. */
  public static final Set<String> ALL = Set.of(FOLLOWERS, FOLLOWING);

  private final FollowRepository repository;

  ProfileCounters(FollowRepository repository) {
    this.repository = repository;
  }

  /**
   * Returns a counter of a person.
   *
   * @param name {@link #FOLLOWERS} or {@link #FOLLOWING}
   * @throws IllegalArgumentException if there is no such counter
   */
  @Cacheable("profile-counters")
  public Long of(long userId, String name) {
    return count(userId, name);
  }

  /** Returns several counters of a person, by name, as {@link #of} does each. */
  @BulkCacheable("profile-counters")
  public Map<String, Long> of(long userId, Set<String> names) {
    return names.stream().collect(Collectors.toMap(name -> name, name -> count(userId, name)));
  }

  private long count(long userId, String name) {
    return switch (name) {
      case FOLLOWERS -> repository.countFollowers(userId);
      case FOLLOWING -> repository.countByFollowerId(userId);
      default -> throw new IllegalArgumentException("There is no counter " + name);
    };
  }
}
