package larder.cache.adviser;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import larder.cache.redis.KeySample;
import larder.cache.redis.RedisFigures;
import larder.cache.redis.ServerFigures;

/** What is set wrongly in Redis, as far as its last figures tell. */
final class ServerRules implements Rules {

  private static final String REDIS = "Redis";
  private static final double LEAST_MEGABYTES = 256;

  private final Supplier<Optional<RedisFigures>> figures;

  /**
   * @param figures the last figures; empty if nothing recent is known
   */
  ServerRules(Supplier<Optional<RedisFigures>> figures) {
    this.figures = figures;
  }

  @Override
  public List<Finding> findings() {
    return figures.get().map(ServerRules::of).orElse(List.of());
  }

  /** In a cluster one server is enough to be wrong, and is said once. */
  private static List<Finding> of(RedisFigures redis) {
    List<Finding> found = new ArrayList<>();
    first(redis, server -> server.maxMemory() == 0)
        .map(ServerRules::maxMemory)
        .ifPresent(found::add);
    first(redis, server -> server.policy().equals("noeviction"))
        .map(server -> noEviction())
        .ifPresent(found::add);
    if (redis.keys().isShared()) {
      found.add(shared(redis.keys()));
    } else {
      first(redis, server -> server.appendOnly() || server.snapshots())
          .map(ServerRules::persistence)
          .ifPresent(found::add);
    }
    return found;
  }

  private static Optional<ServerFigures> first(
      RedisFigures redis, Predicate<ServerFigures> isWrong) {
    return redis.masters().stream().filter(isWrong).findFirst();
  }

  private static Finding maxMemory(ServerFigures server) {
    double used = Double.isNaN(server.usedMemory()) ? 0 : server.usedMemory();
    long enough = (long) Math.max(LEAST_MEGABYTES, Math.ceil(2 * used / 1024 / 1024));
    return about(
        Rule.MAXMEMORY_UNSET,
        "has no maxmemory: it uses %s now, and may grow until the machine has no more"
            .formatted(Double.isNaN(server.usedMemory()) ? "some" : Amount.bytes(used)),
        "in redis.conf: maxmemory " + enough + "mb");
  }

  private static Finding noEviction() {
    return about(
        Rule.NOEVICTION,
        "has maxmemory-policy noeviction: when it is full it refuses every write, new entries and"
            + " news of changes alike",
        "in redis.conf: maxmemory-policy volatile-lfu");
  }

  private static Finding persistence(ServerFigures server) {
    String kinds =
        server.appendOnly() && server.snapshots()
            ? "an append-only file and snapshots"
            : server.appendOnly() ? "an append-only file" : "snapshots";
    String lines =
        server.appendOnly() && server.snapshots()
            ? "appendonly no, and save \"\""
            : server.appendOnly() ? "appendonly no" : "save \"\"";
    return about(
        Rule.PERSISTENCE,
        "writes %s of what can be loaded again, at the cost of its speed".formatted(kinds),
        "in redis.conf: " + lines);
  }

  private static Finding shared(KeySample keys) {
    return about(
        Rule.SHARED_REDIS,
        "holds keys of others: %,d of %,d looked at%s; they take room from the entries, and"
                .formatted(
                    keys.foreign(),
                    keys.looked(),
                    keys.example().isEmpty() ? "" : ", such as " + keys.example() + "...")
            + " entries may push them out",
        "give the caches a Redis of their own: spring.data.redis.url");
  }

  private static Finding about(Rule rule, String reason, String remedy) {
    return rule.of(REDIS, Set.of(), reason, remedy);
  }
}
