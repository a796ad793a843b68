package larder.monolith.trending;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import larder.cache.CachePolicy;
import larder.monolith.users.UserSummary;
import larder.monolith.users.Users;
import larder.ranking.Leaderboard;
import larder.ranking.Ranked;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Whose profiles are looked at most. The ranks are up to a minute old; the names are not, since the
 * rows of these users are read along and a change of one ends the value.
 */
@Service
@CachePolicy(caches = "trending", ttl = "1m")
public class Trending {

  /** So many are compared, more than are shown: some may be gone, some come from further down. */
  static final int COMPARED = 30;

  static final Duration EARLIER = Duration.ofHours(1);

  private static final int SHOWN = 10;

  private final Leaderboard views;
  private final Users users;

  Trending(Leaderboard views, Users users) {
    this.views = views;
    this.users = users;
  }

  /**
   * Returns the first ten, the first first; empty if nobody was looked at, null if Redis is away,
   * which is not kept.
   */
  @Cacheable(cacheNames = "trending", unless = "#result == null")
  @Transactional(readOnly = true)
  public @Nullable List<TrendingUser> top(Period period) {
    List<Ranked> top = views.top(period.window(), COMPARED);
    if (top == null || top.isEmpty()) {
      return top == null ? null : List.of();
    }
    List<Long> now = ids(top.stream().map(Ranked::member).toList());
    List<String> kept = views.earlier(period.window(), EARLIER);
    List<Long> earlier = kept == null ? null : ids(kept);
    return new Ranks(now, earlier, there(now, earlier)).first(SHOWN);
  }

  private Map<Long, UserSummary> there(List<Long> now, @Nullable List<Long> earlier) {
    Set<Long> all = new LinkedHashSet<>(now);
    if (earlier != null) {
      all.addAll(earlier.subList(0, Math.min(COMPARED, earlier.size())));
    }
    return users.summaries(all).stream()
        .collect(Collectors.toMap(UserSummary::id, Function.identity()));
  }

  /** Returns what are ids, whatever Redis holds. */
  private static List<Long> ids(List<String> members) {
    List<Long> ids = new ArrayList<>(members.size());
    for (String member : members) {
      if (member.matches("\\d{1,18}")) {
        ids.add(Long.valueOf(member));
      }
    }
    return ids;
  }
}
