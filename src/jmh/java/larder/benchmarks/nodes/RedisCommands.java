package larder.benchmarks.nodes;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import larder.dev.servers.TestServers;

/** How often Redis has run each command, those of scripts among them. */
final class RedisCommands {

  private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

  private static final double RARE = 0.25;

  private RedisCommands() {}

  /**
   * Returns how often each command ran for the sake of a work, for each time that it was done: less
   * what runs in the same time anyhow. What is rare is left out.
   */
  static Map<String, Double> during(int times, Runnable work) {
    Map<String, Long> before = counts();
    long began = System.nanoTime();
    work.run();
    long took = System.nanoTime() - began;
    Map<String, Long> after = counts();
    LockSupport.parkNanos(took);
    Map<String, Long> idle = counts();
    Map<String, Double> during = new TreeMap<>();
    after.forEach(
        (command, count) -> {
          long background = idle.get(command) - count;
          long all = count - before.getOrDefault(command, 0L);
          during.put(command, (all - background) / (double) times);
        });
    during.values().removeIf(count -> count < RARE);
    return during;
  }

  private static Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    Matcher line = LINE.matcher(TestServers.redis().command("INFO", "commandstats"));
    while (line.find()) {
      counts.put(line.group(1), Long.parseLong(line.group(2)));
    }
    return counts;
  }
}
