package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.Encoding;
import larder.cache.statistics.Miss;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueWrapper;

/** Nodes that write differently, on one real Redis, as during a deploy that changes a setting. */
class EncodingsIntegrationTests {

  record Member(long id, String name, Instant since) {}

  record Team(String name, List<Member> members) {}

  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final Map<Encoding, Layer> NODES =
      Map.of(
          Encoding.JSON, layer("json", "0B"),
          Encoding.COMPACT, layer("compact", "512B"),
          Encoding.SMILE, layer("smile", "512B"));

  private static final ValueType TEAM =
      new ValueTypes(FieldMapper.create().getTypeFactory()).of(Team.class);

  private final String name = "e" + TESTS.incrementAndGet();

  private static Layer layer(String encoding, String compressAbove) {
    return new Layer(
        TestServers.redis().url(),
        "encodings",
        Map.of(
            "larder.defaults.encoding", encoding,
            "larder.defaults.compress-above", compressAbove,
            "larder.defaults.early-refresh", "0"));
  }

  @BeforeAll
  static void current() {
    NODES.values().forEach(Layer::awaitCurrent);
  }

  @AfterAll
  static void close() {
    NODES.values().forEach(Layer::close);
  }

  private static Layer node(Encoding encoding) {
    return Objects.requireNonNull(NODES.get(encoding));
  }

  private LarderCache cache(Encoding node) {
    return node(node).manager.getCache(name).forMethod(TEAM, LarderCache.Puts.LOADED);
  }

  private static Team team(int size) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      members.add(new Member(i, "Member " + i, Instant.ofEpochSecond(1_700_000_000 + i, i)));
    }
    return new Team("A team", members);
  }

  private @Nullable Object read(Encoding node, Object key) {
    ValueWrapper found = cache(node).get(key);
    return found == null ? null : found.get();
  }

  /** Has a node load a value, and waits until Redis has it. */
  private void store(Encoding node, Object key, Team team) {
    assertThat(cache(node).<Object>get(key, () -> team)).isEqualTo(team);
    await().until(() -> stored(key) > 0);
  }

  private int stored(Object key) {
    String length = TestServers.redis().command("STRLEN", fullKey(key));
    return Integer.parseInt(length);
  }

  private String fullKey(Object key) {
    return "encodings:%s:v1:%s".formatted(name, key);
  }

  @Test
  void everyNodeReadsWhatAnyWrote() {
    for (Encoding writer : Encoding.values()) {
      for (int size : new int[] {1, 100}) {
        Team team = team(size);
        String key = writer + "-" + size;
        store(writer, key, team);
        for (Encoding reader : Encoding.values()) {
          await().untilAsserted(() -> assertThat(read(reader, key)).isEqualTo(team));
          assertThat(node(reader).statistics.of(name).misses(Miss.UNDECODABLE)).isZero();
        }
      }
    }
    assertThat(stored("COMPACT-1")).isLessThan(stored("JSON-1"));
    assertThat(stored("COMPACT-100")).isLessThan(stored("JSON-100") / 3);
  }

  /** Each caller gets a copy of another node's entry, out of this process. */
  @Test
  void whatOneHasWrittenAnotherServesFromItsOwnMemory() {
    for (Encoding reader : List.of(Encoding.COMPACT, Encoding.SMILE)) {
      String key = "for-" + reader;
      store(Encoding.JSON, key, team(3));
      await().untilAsserted(() -> assertThat(read(reader, key)).isEqualTo(team(3)));
      TestServers.redis().command("DEL", fullKey(key));
      assertThat(read(reader, key)).isEqualTo(team(3)).isNotSameAs(read(reader, key));
    }
  }

  @Test
  void aChangeByOneEndsTheEntriesOfAll() {
    store(Encoding.SMILE, "k", team(1));
    await().untilAsserted(() -> assertThat(read(Encoding.JSON, "k")).isEqualTo(team(1)));
    cache(Encoding.COMPACT).evict("k");
    await().until(() -> stored("k") == 0);
    store(Encoding.COMPACT, "k", team(2));
    for (Encoding reader : Encoding.values()) {
      await().untilAsserted(() -> assertThat(read(reader, "k")).isEqualTo(team(2)));
    }
  }

  @Test
  void theKeyPageShowsWhatEveryEncodingHolds() {
    for (Encoding writer : Encoding.values()) {
      String key = "shown-" + writer;
      store(writer, key, team(50));
      await().untilAsserted(() -> assertThat(read(Encoding.JSON, key)).isNotNull());
      for (Encoding reader : Encoding.values()) {
        List<EntryReport> reports = cache(reader).inspect(key);
        assertThat(reports).extracting(EntryReport::tier).endsWith("remote").hasSizeBetween(1, 2);
        assertThat(reports)
            .allSatisfy(
                report -> {
                  assertThat(report.encoding()).isEqualTo(writer);
                  assertThat(
                          Objects.requireNonNull(report.value()).at("/members/7/name").asString())
                      .isEqualTo("Member 7");
                });
        EntryReport remote = reports.get(reports.size() - 1);
        assertThat(remote.storedBytes()).isEqualTo(stored(key));
        boolean compressed = writer != Encoding.JSON;
        assertThat(Objects.requireNonNull(remote.storedBytes()) < remote.bytes())
            .isEqualTo(compressed);
      }
    }
  }
}
