package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import larder.cache.load.Call;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.CacheManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two nodes whose services are annotated with nothing but {@code @Cacheable}, on the log alone. */
class TrackingIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static final Map<String, String> SETTINGS = settings();
  private static Node first;
  private static Node second;

  private static Map<String, String> settings() {
    Map<String, String> all = new HashMap<>();
    all.put("spring.application.name", "tracking-tests");
    all.put("larder.defaults.tracking", "true");
    for (String cache :
        List.of(
            "untracked",
            "untracked-required",
            "untracked-refused",
            "untracked-entity",
            "untracked-elsewhere",
            "untracked-own-transaction")) {
      all.put("larder.caches." + cache + ".tracking", "false");
    }
    all.put("larder.caches.untracked.ttl", "5s");
    return all;
  }

  @BeforeAll
  static void startNodes() {
    first = FLEET.start(SETTINGS, TrackedItems.class).awaitCurrent();
    second = FLEET.start(SETTINGS, TrackedItems.class).awaitCurrent();
    first
        .jdbc()
        .execute(
            "create function text_of(bigint) returns varchar language sql"
                + " return (select text from item where id = $1)");
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  /** A way to change a row. */
  interface Way {
    void change(TrackedItems items, long id, String text);
  }

  static Stream<Named<Way>> ways() {
    return Stream.concat(
        waysInATransaction(),
        Stream.of(
            Named.of("JDBC that commits by itself", TrackedItems::changeByJdbcAtOnce),
            Named.of("a connection's own transaction", TrackedItems::changeInOwnTransaction)));
  }

  /** Those that take part in Spring's transaction. */
  static Stream<Named<Way>> waysInATransaction() {
    return Stream.of(
        Named.of("entity", TrackedItems::changeEntity),
        Named.of("JPQL", TrackedItems::changeByQuery),
        Named.of("native query", TrackedItems::changeByNative),
        Named.of("JDBC in a transaction", TrackedItems::changeByJdbc),
        Named.of("JDBC batch", TrackedItems::changeInBatch),
        Named.of("the session's connection", TrackedItems::changeByWork));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whateverChangesARowEndsAllThatShowsIt(Way way) {
    long id = FLEET.newItem("old");
    for (Node node : List.of(first, second)) {
      assertReads(node, id, "old");
    }
    int before = loads(id);
    assertReads(first, id, "old");
    assertReads(second, id, "old");
    assertThat(loads(id)).as("answered from the caches").isEqualTo(before);

    way.change(items(first), id, "new");
    assertReads(first, id, "new");
    second.awaitAllOf(first);
    assertReads(second, id, "new");
  }

  private static void assertReads(Node node, long id, String text) {
    assertThat(items(node).byId(id)).isEqualTo(text);
    assertThat(items(node).byQuery(id)).containsExactly(text);
    assertThat(items(node).byNative(id)).containsExactly(text);
    assertThat(items(node).byJdbc(id)).containsExactly(text);
  }

  private static int loads(long id) {
    return List.of("by-id ", "by-query ", "by-native ", "by-jdbc ").stream()
        .flatMapToInt(
            read -> IntStream.of(first.hooks().reads(read + id), second.hooks().reads(read + id)))
        .sum();
  }

  private static TrackedItems items(Node node) {
    return node.bean(TrackedItems.class);
  }

  @Test
  void whoLooksForARowThatIsNotThereFindsItOnceItIs() {
    long id = FLEET.newItem("there") + 1_000_000;
    assertThat(items(first).byId(id)).isEmpty();
    assertThat(items(first).byQuery(id)).isEmpty();
    second.jdbc().update("insert into item (id, text) values (?, 'born')", id);
    first.awaitAllOf(second);
    assertReads(first, id, "born");
  }

  @Test
  void whatIsReadBeforeTheCommitOfAConnectionsOwnTransactionDoesNotOutliveIt() {
    long id = FLEET.newItem("old");
    first.hooks().onceAfterReading("uncommitted " + id, () -> assertReads(second, id, "old"));
    items(first).changeInOwnTransaction(id, "new");
    second.awaitAllOf(first);
    assertReads(second, id, "new");
  }

  @Test
  void whoCatchesTheExceptionOfACachedMethodDependsOnWhatItHasRead() {
    long id = FLEET.newItem("there") + 2_000_000;
    assertThat(orElse(id)).isEqualTo("none");
    assertThat(orElse(id)).isEqualTo("none");
    assertThat(first.hooks().reads("or else " + id)).isEqualTo(1);
    second.jdbc().update("insert into item (id, text) values (?, 'born')", id);
    first.awaitAllOf(second);
    assertThat(orElse(id)).isEqualTo("born");
  }

  @Test
  void whoUsesACachedMethodWhoseConditionDoesNotHoldDependsOnWhatItReads() {
    long id = FLEET.newItem("old");
    assertThat(around(id, () -> items(first).uncached(id))).isEqualTo("old");
    assertThat(around(id, () -> items(first).uncached(id))).isEqualTo("old");
    assertThat(first.hooks().reads("around " + id)).isEqualTo(1);
    items(second).changeEntity(id, "new");
    first.awaitAllOf(second);
    assertThat(around(id, () -> items(first).uncached(id))).isEqualTo("new");
  }

  @Test
  void whoUsesACachedValueInAnExecutorDependsOnIt() {
    long id = FLEET.newItem("old");
    assertThat(items(first).byId(id)).isEqualTo("old");
    Supplier<String> hit = () -> items(first).inExecutor(() -> items(first).byId(id));
    assertThat(around(id, hit)).isEqualTo("old");
    assertThat(first.hooks().reads("by-id " + id)).isEqualTo(1);
    items(second).changeEntity(id, "new");
    first.awaitAllOf(second);
    assertThat(around(id, hit)).isEqualTo("new");
  }

  /** As it would be had a cache served it, though nobody can name what its statement reads. */
  @Test
  void whatEndsWithItsPartsDependsOnAnUntrackedOneByItsKeyAlone() {
    long id = FLEET.newItem("old");
    assertThat(madeOf(id, () -> items(first).untracked(id))).isEqualTo("old");
    assertThat(first.hooks().reads("untracked " + id)).isEqualTo(1);
    awaitShared("nested", "\"around " + id + "\"");
    String left = FLEET.redis().command("PTTL", "tracking-tests:nested:v1:\"around " + id + "\"");
    assertThat(Long.parseLong(left)).isBetween(1L, 5_000L);
    FLEET.changeUnseen(id, "new");
    assertThat(madeOf(id, () -> items(first).untracked(id))).isEqualTo("old");
    Objects.requireNonNull(first.bean(CacheManager.class).getCache("untracked")).evict(id);
    assertThat(madeOf(id, () -> items(first).untracked(id))).isEqualTo("new");
  }

  @Test
  void whoCatchesTheExceptionOfAnUntrackedMethodDependsOnWhatItHasRead() {
    long id = FLEET.newItem("there") + 3_000_000;
    Supplier<String> read =
        () -> {
          try {
            return items(first).untrackedRequired(id);
          } catch (RuntimeException e) {
            return "none";
          }
        };
    assertThat(madeOf(id, read)).isEqualTo("none");
    second.jdbc().update("insert into item (id, text) values (?, 'born')", id);
    first.awaitAllOf(second);
    assertThat(madeOf(id, read)).isEqualTo("born");
  }

  /** Ways to use an untracked value of which more is left than the value, or may be. */
  static Stream<Named<LongFunction<String>>> whatMayBeMetAgain() {
    return Stream.of(
        Named.of("refused", id -> madeOf(id, () -> items(first).untrackedRefused(id))),
        Named.of("entity", id -> madeOf(id, () -> items(first).untrackedEntity(id))),
        Named.of("not bound by its parts", id -> around(id, () -> untracked(id))),
        Named.of("in a transaction", id -> reading(() -> madeOf(id, () -> untracked(id)))),
        Named.of("beside something bound", id -> bound(() -> madeOf(id, () -> untracked(id)))),
        Named.of("in an executor", id -> madeOf(id, () -> items(first).untrackedElsewhere(id))));
  }

  @ParameterizedTest
  @MethodSource("whatMayBeMetAgain")
  void whatIsReadForAnUntrackedValueCountsIfItMayBeMetAgain(LongFunction<String> use) {
    long id = FLEET.newItem("old");
    assertThat(use.apply(id)).isEqualTo("old");
    items(second).changeEntity(id, "new");
    first.awaitAllOf(second);
    assertThat(madeOf(id, () -> "made anew")).isEqualTo("made anew");
  }

  private static String untracked(long id) {
    return items(first).untrackedRequired(id);
  }

  private static String reading(Supplier<String> work) {
    TransactionTemplate reading =
        new TransactionTemplate(first.bean(PlatformTransactionManager.class));
    reading.setReadOnly(true);
    return reading.execute(status -> work.get());
  }

  /** As where a persistence context is kept open for a whole request. */
  private static String bound(Supplier<String> work) {
    Object key = new Object();
    TransactionSynchronizationManager.bindResource(key, "context");
    try {
      return work.get();
    } finally {
      TransactionSynchronizationManager.unbindResource(key);
    }
  }

  @Test
  void whatAnUntrackedMethodReadsInAConnectionsOwnTransactionIsForItsCallerAlone() {
    long id = FLEET.newItem("old");
    for (int i = 0; i < 2; i++) {
      madeOf(id, () -> items(first).untrackedInOwnTransaction(id));
    }
    assertThat(first.hooks().reads("around " + id)).isEqualTo(2);
  }

  /** As a page, which ends no later than its parts. */
  private static String madeOf(long id, Supplier<String> read) {
    return around(
        id,
        () -> {
          Objects.requireNonNull(Call.current()).boundByParts();
          return read.get();
        });
  }

  private static String around(long id, Supplier<String> read) {
    return first.items().nested("around " + id, key -> read.get());
  }

  @Test
  void aStringOfAnyLengthIsWritten() {
    long id = FLEET.newItem("old");
    String text = "x".repeat(100_000);
    assertThat(items(first).byJdbc(id)).containsExactly("old");
    first.jdbc().update("update item set text = '" + text + "' where id = " + id);
    assertThat(items(first).byJdbc(id)).containsExactly(text);
  }

  private static String orElse(long id) {
    return first
        .items()
        .nested(
            "or else " + id,
            key -> {
              try {
                return items(first).required(id);
              } catch (RuntimeException e) {
                return "none";
              }
            });
  }

  @Test
  void changingARowLeavesTheOthersThatWereReadByTheirIds() {
    long id = FLEET.newItem("old");
    long other = FLEET.newItem("other");
    items(first).byId(other);
    items(first).byQuery(other);
    items(first).changeEntity(id, "new");
    items(first).byId(other);
    items(first).byQuery(other);
    assertThat(first.hooks().reads("by-id " + other)).isEqualTo(1);
    assertThat(first.hooks().reads("by-query " + other)).isEqualTo(2);
  }

  @Test
  void whatOneOfSpringBootsExecutorsReadsIsPartOfTheLoad() {
    long id = FLEET.newItem("old");
    assertThat(items(first).later(id).join()).isEqualTo("old");
    awaitShared("later-by-id", id);
    assertThat(items(second).later(id).join()).isEqualTo("old");
    assertThat(second.hooks().reads("later-by-id " + id)).isZero();
    items(second).changeEntity(id, "new");
    first.awaitAllOf(second);
    assertThat(items(first).later(id).join()).isEqualTo("new");
  }

  @Test
  void whatNobodyCanNameStaysInThisProcessAndForAShortTimeOnly() {
    long id = FLEET.newItem("old");
    assertThat(items(first).byFunction(id)).containsExactly("old");
    assertThat(items(first).byFunction(id)).containsExactly("old");
    assertThat(first.hooks().reads("by-function " + id)).isEqualTo(1);
    assertThat(items(second).byFunction(id)).containsExactly("old");
    assertThat(second.hooks().reads("by-function " + id)).isEqualTo(1);
    FLEET.changeUnseen(id, "new");
    await()
        .atMost(Duration.ofSeconds(4))
        .untilAsserted(() -> assertThat(items(first).byFunction(id)).containsExactly("new"));
  }

  @Test
  void tablesThatTheDeveloperNamesMakeItKnown() {
    long id = FLEET.newItem("old");
    assertThat(items(first).byDeclaredFunction(id)).containsExactly("old");
    awaitShared("by-declared-function", id);
    assertThat(items(second).byDeclaredFunction(id)).containsExactly("old");
    assertThat(second.hooks().reads("by-declared-function " + id)).isZero();
    items(second).changeEntity(id, "new");
    first.awaitAllOf(second);
    assertThat(items(first).byDeclaredFunction(id)).containsExactly("new");
  }

  /** The log names rows by hashes, and nodes keep what was named in a bounded space. */
  @Test
  void tenThousandChangedRowsLeaveTenThousandOthers() {
    int count = 10_000;
    long from = FLEET.newItems(2 * count);
    long[] cached = LongStream.range(from, from + count).toArray();
    for (long id : cached) {
      items(first).byId(id);
    }
    int inEach = 50;
    for (long id = from + count; id < from + 2L * count; id += inEach) {
      long begin = id;
      second
          .transaction()
          .executeWithoutResult(
              status ->
                  LongStream.range(begin, begin + inEach)
                      .forEach(row -> items(second).changeEntity(row, "new")));
    }
    first.awaitAllOf(second);
    long needless =
        LongStream.of(cached)
            .peek(id -> items(first).byId(id))
            .filter(id -> first.hooks().reads("by-id " + id) > 1)
            .count();
    assertThat(needless).isLessThan(count / 100);
  }

  private static void awaitShared(String cache, Object id) {
    await()
        .untilAsserted(
            () ->
                assertThat(FLEET.redis().command("EXISTS", "tracking-tests:" + cache + ":v1:" + id))
                    .isEqualTo("1"));
  }
}
