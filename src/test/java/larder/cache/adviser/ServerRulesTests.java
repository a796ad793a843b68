package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import larder.cache.redis.KeySample;
import larder.cache.redis.RedisFigures;
import larder.cache.redis.ServerFigures;
import org.junit.jupiter.api.Test;

class ServerRulesTests {

  private static final double MB = 1024 * 1024;
  private static final KeySample OWN = new KeySample(500, 0, "");

  private static final ServerFigures GOOD = server(128 * MB, "allkeys-lfu", false, false);

  @Test
  void findsNothingInARedisForACache() {
    assertThat(found(OWN, GOOD)).isEmpty();
  }

  @Test
  void findsNothingWhereNothingIsKnown() {
    assertThat(new ServerRules(Optional::empty).findings()).isEmpty();
    assertThat(found(KeySample.NONE, server(Double.NaN, "", false, false))).isEmpty();
  }

  @Test
  void findsAMissingLimit() {
    assertThat(found(OWN, server(0, "allkeys-lfu", false, false)))
        .extracting(Finding::line)
        .containsExactly(
            "Redis has no maxmemory: it uses 200.0 MB now, and may grow until the machine has no"
                + " more; in redis.conf: maxmemory 400mb");
  }

  @Test
  void findsAPolicyThatRefuses() {
    assertThat(found(OWN, server(128 * MB, "noeviction", false, false)))
        .extracting(Finding::rule, Finding::remedy)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "noeviction", "in redis.conf: maxmemory-policy volatile-lfu"));
  }

  @Test
  void findsWhatIsWrittenToDisk() {
    assertThat(found(OWN, server(128 * MB, "allkeys-lfu", true, false)))
        .extracting(Finding::remedy)
        .containsExactly("in redis.conf: appendonly no");
    assertThat(found(OWN, server(128 * MB, "allkeys-lfu", false, true)))
        .extracting(Finding::remedy)
        .containsExactly("in redis.conf: save \"\"");
    assertThat(found(OWN, server(128 * MB, "allkeys-lfu", true, true)))
        .extracting(Finding::remedy)
        .containsExactly("in redis.conf: appendonly no, and save \"\"");
  }

  @Test
  void findsKeysOfOthersWhoMayWantThemWritten() {
    KeySample shared = new KeySample(500, 120, "spring:");
    assertThat(found(shared, server(128 * MB, "allkeys-lfu", true, true)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("shared-redis");
              assertThat(finding.reason()).contains("120 of 500 looked at, such as spring:...;");
            });
  }

  @Test
  void ofAClusterEachThingIsSaidOnce() {
    ServerFigures wrong = server(0, "noeviction", false, false);
    assertThat(found(OWN, GOOD, wrong, wrong))
        .extracting(Finding::rule)
        .containsExactly("maxmemory-unset", "noeviction");
  }

  private static ServerFigures server(
      double maxMemory, String policy, boolean appendOnly, boolean snapshots) {
    return new ServerFigures(200 * MB, maxMemory, 0, 0, 0, 0, policy, appendOnly, snapshots);
  }

  private static List<Finding> found(KeySample keys, ServerFigures... servers) {
    RedisFigures figures = new RedisFigures(List.of(servers), keys, 100_000);
    return new ServerRules(() -> Optional.of(figures)).findings();
  }
}
