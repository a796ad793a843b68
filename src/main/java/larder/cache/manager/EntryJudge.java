package larder.cache.manager;

import java.util.function.Predicate;
import larder.cache.CachedCall.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.manager.Look.Missing;
import larder.cache.statistics.Miss;
import larder.cache.value.Decoded;
import org.jspecify.annotations.Nullable;

/** Tells whether a value may be served to the caller at hand; asked last of all. Thread-safe. */
final class EntryJudge {

  private final Tiers tiers;

  EntryJudge(Tiers tiers) {
    this.tiers = tiers;
  }

  /** Returns why a value may not be served. */
  static Miss reason(ServingRule.Doubt doubt) {
    return switch (doubt) {
      case FLOOR -> Miss.FLOOR;
      case CONDEMNED -> Miss.INVALIDATED;
      case UNPROVEN -> Miss.DEGRADED;
    };
  }

  /**
   * Returns a value, or why it may not be served.
   *
   * @param decoded the value; null if it could not be read
   * @param stamp what is needed to judge it
   * @param source where it was found
   * @param expiresNanos when it expires, on the monotonic clock
   * @param touches whether the caller may see something else than a value with such tags
   */
  Look judged(
      @Nullable Decoded decoded,
      Stamp stamp,
      Source source,
      long expiresNanos,
      Predicate<Tags> touches) {
    if (decoded == null) {
      return new Missing(Miss.UNDECODABLE);
    } else if (touches.test(stamp.tags())) {
      return new Missing(Miss.TRANSACTION);
    } else if (tiers.transactions().sessions().isBehind()) {
      return new Missing(Miss.SESSION);
    }
    long proven = tiers.rule().provenAt(stamp);
    return proven == ServingRule.NOT_PROVEN
        ? new Missing(reason(tiers.rule().doubt(stamp)))
        : new Found(decoded.value(), stamp, proven, source, expiresNanos);
  }
}
