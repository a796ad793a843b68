package larder.limit;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of rate limits.
 *
 * @param limits settings by the name of the limit; they win over annotations and beans
 * @param limitsSecret key under which the subjects of limits are hashed in Redis, the same on all
 *     nodes; the application's name if not set, which keeps nobody from trying all addresses
 */
@ConfigurationProperties("larder")
public record LimitProperties(
    @DefaultValue Map<String, Settings> limits, @Nullable String limitsSecret) {

  /**
   * Settings of one limit; what is not set is as its annotation or bean says.
   *
   * @param enabled whether the limit holds at all
   * @param limit calls allowed in a window
   * @param window length of the window
   * @param algorithm how it counts
   * @param burst calls that a rested token bucket allows at once
   * @param whenAway what decides while Redis does not answer
   */
  public record Settings(
      @Nullable Boolean enabled,
      @Nullable Integer limit,
      @Nullable Duration window,
      @Nullable Algorithm algorithm,
      @Nullable Integer burst,
      @Nullable WhenAway whenAway) {

    /**
     * Returns the limit as it holds.
     *
     * @throws InvalidLimitException if the two do not go together
     */
    Limit over(Limit said) {
      Algorithm how = algorithm == null ? said.algorithm() : algorithm;
      int most = limit == null ? said.limit() : limit;
      return new Limit(
          said.name(),
          how,
          most,
          window == null ? said.window() : window,
          burst(said, how, most),
          whenAway == null ? said.whenAway() : whenAway,
          enabled == null ? said.enabled() : enabled);
    }

    private int burst(Limit said, Algorithm how, int most) {
      if (burst != null) {
        return burst;
      }
      boolean chosen = said.burst() < said.limit() && how == Algorithm.TOKEN_BUCKET;
      return chosen ? Math.min(said.burst(), most) : most;
    }
  }
}
