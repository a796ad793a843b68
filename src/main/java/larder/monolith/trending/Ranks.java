package larder.monolith.trending;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import larder.monolith.trending.TrendingUser.Change;
import larder.monolith.users.UserSummary;
import org.jspecify.annotations.Nullable;

/**
 * Who is first now and was first an hour ago, of those who are still there.
 *
 * @param now ids in their order
 * @param earlier ids in their order an hour ago; null if that is not known
 * @param there the users that there are
 */
record Ranks(List<Long> now, @Nullable List<Long> earlier, Map<Long, UserSummary> there) {

  /** Returns the first users with their changes. */
  List<TrendingUser> first(int most) {
    List<Long> before = earlier == null ? null : present(earlier);
    List<TrendingUser> first = new ArrayList<>();
    for (Long id : present(now)) {
      UserSummary user = there.get(id);
      if (user != null && first.size() < most) {
        first.add(ranked(first.size() + 1, user, before));
      }
    }
    return List.copyOf(first);
  }

  private List<Long> present(List<Long> ids) {
    return ids.stream().filter(there::containsKey).toList();
  }

  private static TrendingUser ranked(int rank, UserSummary user, @Nullable List<Long> before) {
    if (before == null) {
      return new TrendingUser(rank, user, Change.UNKNOWN, 0);
    }
    int was = before.indexOf(user.id()) + 1;
    if (was == 0) {
      return new TrendingUser(rank, user, Change.NEW, 0);
    }
    Change change = rank < was ? Change.UP : rank > was ? Change.DOWN : Change.SAME;
    return new TrendingUser(rank, user, change, Math.abs(rank - was));
  }
}
