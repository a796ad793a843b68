package larder.monolith.trending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larder.monolith.trending.TrendingUser.Change;
import larder.monolith.users.UserSummary;
import org.junit.jupiter.api.Test;

class RanksTests {

  private static Map<Long, UserSummary> users(long... ids) {
    Map<Long, UserSummary> users = new HashMap<>();
    Arrays.stream(ids)
        .forEach(id -> users.put(id, new UserSummary(id, "h" + id, "N" + id, "", Instant.EPOCH)));
    return users;
  }

  private static List<String> words(List<TrendingUser> found) {
    return found.stream()
        .map(one -> one.rank() + " " + one.user().handle() + " " + one.words())
        .toList();
  }

  @Test
  void ranksAreComparedWithThoseOfAnHourAgo() {
    Ranks ranks =
        new Ranks(
            List.of(1L, 2L, 3L, 4L, 5L),
            List.of(2L, 1L, 3L, 6L, 7L, 4L),
            users(1, 2, 3, 4, 5, 6, 7));
    assertThat(words(ranks.first(10)))
        .containsExactly(
            "1 h1 up 1 place",
            "2 h2 down 1 place",
            "3 h3 as an hour ago",
            "4 h4 up 2 places",
            "5 h5 new");
    assertThat(ranks.first(2)).hasSize(2);
  }

  /** Who is gone has no rank, now and then. */
  @Test
  void whoIsGoneLeavesNoGap() {
    Ranks ranks = new Ranks(List.of(9L, 1L, 2L), List.of(8L, 2L, 9L, 1L), users(1, 2));
    assertThat(words(ranks.first(10))).containsExactly("1 h1 up 1 place", "2 h2 down 1 place");
  }

  @Test
  void whatIsNotKnownIsNotSaid() {
    Ranks ranks = new Ranks(List.of(1L), null, users(1));
    assertThat(ranks.first(10)).extracting(TrendingUser::change).containsExactly(Change.UNKNOWN);
    assertThat(words(ranks.first(10))).containsExactly("1 h1 ");
  }
}
