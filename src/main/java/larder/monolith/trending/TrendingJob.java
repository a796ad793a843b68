package larder.monolith.trending;

import larder.locks.Exclusive;
import larder.ranking.Leaderboard;
import org.springframework.stereotype.Service;

/** The job of every minute: keeps who is first now, for the page of an hour later. */
@Service
public class TrendingJob {

  private final Leaderboard views;

  TrendingJob(Leaderboard views) {
    this.views = views;
  }

  /** Keeps the order of this minute; a turn that Redis misses leaves a gap of a minute. */
  @Exclusive(name = "trending", atLeast = "30s")
  public void run() {
    for (Period period : Period.values()) {
      views.remember(period.window(), Trending.COMPARED, Trending.EARLIER);
    }
  }
}
