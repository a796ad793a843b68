package larder.monolith.views;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import larder.cache.CachePolicy;
import larder.cache.CachePolicy.Tracking;
import larder.writebehind.WriteBehind;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * How often profiles were looked at.
 *
 * <p>Looks are written behind: increments commute, so that no order is asked for, and looks that
 * Redis does not take are given up. Looks at a user who was deleted meanwhile are given up too.
 */
@Service
public class ProfileViews {

  /** Rows that go before the statement locks them stay out, so that no foreign key is missed. */
  private static final String ADD =
      """
      insert into profile_views (user_id, day, views)
      select seen.user_id, seen.day, seen.views
      from unnest(:users, cast(:days as date[]), :views) as seen (user_id, day, views)
      join users u on u.id = seen.user_id
      order by seen.user_id, seen.day
      for key share of u
      on conflict (user_id, day) do update set views = profile_views.views + excluded.views
      """;

  private static final String TOTAL =
      "select coalesce(sum(views), 0) from profile_views where user_id = ?";

  private final JdbcClient database;
  private final Counter gone;

  ProfileViews(JdbcClient database, MeterRegistry meters) {
    this.database = database;
    this.gone =
        Counter.builder("profile.views.gone")
            .description("Users and days whose views were given up, since the user was deleted")
            .register(meters);
  }

  /** Counts looks, soon. */
  @WriteBehind("profile-views")
  public void count(List<ProfileView> looks) {
    Map<ProfileView, Long> sums = looks.stream().collect(groupingBy(look -> look, counting()));
    List<ProfileView> rows = List.copyOf(sums.keySet());
    int written =
        database
            .sql(ADD)
            .param("users", rows.stream().map(ProfileView::userId).toArray(Long[]::new))
            .param("days", rows.stream().map(row -> row.day().toString()).toArray(String[]::new))
            .param("views", rows.stream().map(sums::get).toArray(Long[]::new))
            .update();
    gone.increment(rows.size() - written);
  }

  /**
   * Returns how often a profile was looked at, as of a minute ago at most. Looks end no cached
   * value, since there are too many of them; the page that shows the count is kept no longer than
   * it.
   */
  @Cacheable("profile-views")
  @CachePolicy(ttl = "1m", tracking = Tracking.OFF)
  public long total(long userId) {
    return database.sql(TOTAL).param(userId).query(Long.class).single();
  }
}
