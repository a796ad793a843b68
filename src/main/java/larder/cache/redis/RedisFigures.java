package larder.cache.redis;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the Redis servers that hold the entries said of themselves at one time: one, or all masters
 * of a cluster.
 *
 * @param masters the servers; at least one
 * @param keys a look at some of the keys
 * @param roundTripNanos how long a command and its answer take, at best
 */
public record RedisFigures(List<ServerFigures> masters, KeySample keys, long roundTripNanos) {

  /** Copies the servers. */
  public RedisFigures {
    masters = List.copyOf(masters);
  }

  /** Returns the sum of a figure over all servers; NaN if one of them does not tell it. */
  public double sum(ToDoubleFunction<ServerFigures> figure) {
    return masters.stream().mapToDouble(figure).sum();
  }

  /** Returns the most bytes that all servers may use; NaN if one has no limit. */
  public double maxMemory() {
    return sum(server -> server.maxMemory() > 0 ? server.maxMemory() : Double.NaN);
  }
}
