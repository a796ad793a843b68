package larder.ranking;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of leaderboards. */
public final class RankingMetrics implements MeterBinder {

  private final Leaderboards boards;

  public RankingMetrics(Leaderboards boards) {
    this.boards = boards;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    boards.observe(board -> bind(board, registry));
  }

  private static void bind(Leaderboard board, MeterRegistry registry) {
    FunctionCounter.builder("larder.ranking.counted", board, Leaderboard::countedTotal)
        .tag("board", board.name())
        .description("Points that Redis has counted, by calls")
        .register(registry);
    FunctionCounter.builder("larder.ranking.lost", board, Leaderboard::lostTotal)
        .tag("board", board.name())
        .description("Points that Redis has not said to have counted, by calls")
        .register(registry);
  }
}
