package larder.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerFiguresTests {

  private static final Map<String, String> ANSWER =
      Map.ofEntries(
          Map.entry("used_memory", "1048576"),
          Map.entry("maxmemory", "134217728"),
          Map.entry("maxmemory_policy", "allkeys-lfu"),
          Map.entry("evicted_keys", "3"),
          Map.entry("expired_keys", "4"),
          Map.entry("keyspace_hits", "5"),
          Map.entry("keyspace_misses", "6"),
          Map.entry("aof_enabled", "0"),
          Map.entry("rdb_last_bgsave_time_sec", "-1"),
          Map.entry("sync_full", "0"));

  @Test
  void readsWhatAServerSays() {
    assertThat(ServerFigures.of(ANSWER))
        .isEqualTo(new ServerFigures(1048576, 134217728, 3, 4, 5, 6, "allkeys-lfu", false, false));
  }

  @Test
  void whatIsNotSaidIsNotKnown() {
    assertThat(ServerFigures.of(Map.of("used_memory", "much", "maxmemory", "")))
        .isEqualTo(
            new ServerFigures(
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                "",
                false,
                false));
  }

  @Test
  void aSnapshotCountsUnlessItMayHaveBeenForAReplica() {
    assertThat(with("rdb_last_bgsave_time_sec", "0").snapshots()).isTrue();
    assertThat(with("rdb_last_bgsave_time_sec", "0", "sync_full", "1").snapshots()).isFalse();
    assertThat(with("aof_enabled", "1").appendOnly()).isTrue();
  }

  @Test
  void figuresOfAClusterAreSums() {
    ServerFigures one = ServerFigures.of(ANSWER);
    RedisFigures both = new RedisFigures(List.of(one, one), KeySample.NONE, 1);
    assertThat(both.sum(ServerFigures::evictedKeys)).isEqualTo(6);
    assertThat(both.maxMemory()).isEqualTo(2 * 134217728.0);
  }

  @Test
  void oneServerWithoutALimitLeavesNone() {
    RedisFigures redis =
        new RedisFigures(
            List.of(ServerFigures.of(ANSWER), with("maxmemory", "0")), KeySample.NONE, 1);
    assertThat(redis.maxMemory()).isNaN();
    assertThat(redis.sum(ServerFigures::usedMemory)).isEqualTo(2 * 1048576.0);
  }

  private static ServerFigures with(String... changes) {
    Map<String, String> answer = new HashMap<>(ANSWER);
    for (int i = 0; i < changes.length; i += 2) {
      answer.put(changes[i], changes[i + 1]);
    }
    return ServerFigures.of(answer);
  }
}
