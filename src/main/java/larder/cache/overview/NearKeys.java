package larder.cache.overview;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import larder.cache.near.NearCache;
import larder.cache.near.NearEntry;

/** The keys of a cache that stand out in this process. Looking costs those who read nothing. */
final class NearKeys {

  private final NearCache near;
  private final LongSupplier nanoClock;

  NearKeys(NearCache near, LongSupplier nanoClock) {
    this.near = near;
    this.nanoClock = nanoClock;
  }

  /** Returns the keys that were read most often of late, the hottest first. */
  List<KeyReport> hottest(String prefix, int most) {
    return near.hottest(prefix, most).entrySet().stream()
        .map(entry -> report(prefix, entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Returns the keys whose loads took longest, the costliest first. */
  List<KeyReport> costliest(String prefix, int most) {
    Comparator<Map.Entry<String, NearEntry>> byCost =
        Comparator.comparingLong(entry -> entry.getValue().life().costNanos());
    PriorityQueue<Map.Entry<String, NearEntry>> costliest = new PriorityQueue<>(byCost);
    near.forEach(
        (key, entry) -> {
          if (key.startsWith(prefix)) {
            costliest.add(Map.entry(key, entry));
            if (costliest.size() > most) {
              costliest.remove();
            }
          }
        });
    return costliest.stream()
        .sorted(byCost.reversed())
        .map(entry -> report(prefix, entry.getKey(), entry.getValue()))
        .toList();
  }

  private KeyReport report(String prefix, String redisKey, NearEntry entry) {
    String key = redisKey.substring(redisKey.indexOf(':', prefix.length()) + 1);
    return new KeyReport(
        key,
        Duration.ofNanos(entry.life().costNanos()),
        entry.weight(),
        Duration.ofNanos(entry.life().expiresNanos() - nanoClock.getAsLong()));
  }
}
