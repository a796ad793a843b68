package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.manager.LarderCacheManager;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Methods for several ids and for one share their entries, on two nodes. */
@Timeout(60)
class BulkIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spring.application.name",
          "bulk-tests",
          "larder.defaults.tracking",
          "true",
          "larder.defaults.not-found-ttl",
          "1h");
  private static Node first;
  private static Node second;

  @BeforeAll
  static void startNodes() {
    first = FLEET.start(SETTINGS, BulkItems.class, Heard.class).awaitCurrent();
    second = FLEET.start(SETTINGS, BulkItems.class, Heard.class).awaitCurrent();
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  @BeforeEach
  void forget() {
    asked(first);
    asked(second);
    heard().clear();
  }

  /** The calls that listeners were told of. */
  static final class Heard implements CachedCallListener {

    private final ConcurrentLinkedQueue<CachedCall> calls = new ConcurrentLinkedQueue<>();

    @Override
    public void answered(CachedCall call) {
      calls.add(call);
    }
  }

  private static ConcurrentLinkedQueue<CachedCall> heard() {
    return first.bean(Heard.class).calls;
  }

  private static BulkItems items(Node node) {
    return node.bean(BulkItems.class);
  }

  private static List<Set<Long>> asked(Node node) {
    return items(node).takeAsked();
  }

  private static List<Long> ids(int count) {
    long from = FLEET.newItems(count);
    return LongStream.range(from, from + count).boxed().toList();
  }

  private static CacheStatistics counts(Node node, String cache) {
    return node.bean(Statistics.class).of(cache);
  }

  private static void awaitStored(String cache, Iterable<Long> ids) {
    for (Long id : ids) {
      await()
          .until(
              () ->
                  FLEET.redis().command("EXISTS", "bulk-tests:" + cache + ":v1:" + id).equals("1"));
    }
  }

  @Test
  void whatOneMethodLoadsTheOtherFinds() {
    List<Long> ids = ids(3);
    assertThat(items(first).find(ids.get(0))).isPresent();
    assertThat(items(first).findAll(ids).keySet()).containsExactlyElementsOf(ids);
    assertThat(asked(first)).containsExactly(Set.of(ids.get(1), ids.get(2)));
    for (Long id : ids) {
      assertThat(items(first).find(id)).hasValue(new Item(id, "old"));
    }
    assertThat(first.hooks().reads("single " + ids.get(1))).isZero();
    assertThat(items(first).findAll(ids)).hasSize(3);
    assertThat(asked(first)).isEmpty();
  }

  @Test
  void anotherNodeIsAnsweredByOneRoundTripToRedis() {
    List<Long> ids = ids(20);
    items(first).findAll(ids);
    awaitStored("bulk", ids);
    long hits = counts(second, "bulk").remoteHits();
    List<String> sent =
        sentWith("bulk-tests:bulk:v1:", () -> assertThat(items(second).findAll(ids)).hasSize(20));
    assertThat(asked(second)).isEmpty();
    assertThat(sent).containsExactly("MGET");
    assertThat(counts(second, "bulk").remoteHits() - hits).isEqualTo(20);
    long near = counts(second, "bulk").nearHits();
    assertThat(items(second).find(ids.get(7))).hasValue(new Item(ids.get(7), "old"));
    assertThat(counts(second, "bulk").nearHits() - near).isEqualTo(1);
  }

  /** Several fields of one thing are one HMGET, and shared with the method for one field. */
  @Test
  void fieldsOfOneThingAreAskedForTogether() {
    long thing = FLEET.newItems(1);
    assertThat(items(first).field(thing, "a")).hasValue("a of " + thing);
    assertThat(items(first).fields(thing, Set.of("a", "b", "absent")))
        .containsOnly(Map.entry("a", "a of " + thing), Map.entry("b", "b of " + thing));
    assertThat(first.hooks().reads("fields " + thing + " [absent, b]")).isOne();
    String hash = "bulk-tests:bulk-fields:v1:" + thing + ":fields";
    await().until(() -> FLEET.redis().command("HLEN", hash).equals("3"));
    List<String> sent =
        sentWith(
            hash,
            () -> {
              assertThat(items(second).fields(thing, Set.of("a", "b", "absent"))).hasSize(2);
              assertThat(items(second).field(thing, "b")).hasValue("b of " + thing);
              assertThat(items(second).field(thing, "absent")).isEmpty();
            });
    assertThat(second.hooks().reads("fields " + thing + " [a, absent, b]")).isZero();
    assertThat(second.hooks().reads("field " + thing + " b")).isZero();
    assertThat(sent).as("asked for together, and kept near").containsExactly("HMGET");
    assertThat(items(second).fields(thing + 1_000_000, Set.of("a"))).hasSize(1);
    assertThat(second.hooks().reads("fields " + (thing + 1_000_000) + " [a]")).isOne();
  }

  /**
   * Returns the commands whose first key begins so, which the server gets meanwhile: not those of
   * scripts, such as a heartbeat's, which its counters have as well.
   */
  private static List<String> sentWith(String key, Runnable doing) {
    FLEET.redis().command("CONFIG", "SET", "slowlog-log-slower-than", "0");
    FLEET.redis().command("SLOWLOG", "RESET");
    doing.run();
    String sent = FLEET.redis().command("SLOWLOG", "GET", "-1");
    FLEET.redis().command("CONFIG", "SET", "slowlog-log-slower-than", "10000");
    return Pattern.compile("^([A-Z]+)\\n" + Pattern.quote(key), Pattern.MULTILINE)
        .matcher(sent)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void eachIdCountsAsALookupAndListenersHearWhereTheAnswerCameFrom() {
    List<Long> ids = ids(5);
    items(second).findAll(ids.subList(0, 2));
    awaitStored("bulk", ids.subList(0, 2));
    items(first).find(ids.get(2));
    heard().clear();
    CacheStatistics counts = counts(first, "bulk");
    long near = counts.nearHits();
    long remote = counts.remoteHits();
    long misses = counts.misses(Miss.ABSENT);
    long loads = counts.loads();
    items(first).findAll(ids);
    assertThat(counts.nearHits() - near).isEqualTo(1);
    assertThat(counts.remoteHits() - remote).isEqualTo(2);
    assertThat(counts.misses(Miss.ABSENT) - misses).isEqualTo(2);
    assertThat(counts.loads() - loads).isEqualTo(2);
    Map<Source, Integer> parts = new HashMap<>();
    heard().forEach(call -> parts.put(call.source(), call.parts()));
    assertThat(parts).isEqualTo(Map.of(Source.NEAR, 1, Source.REMOTE, 2, Source.LOADED, 2));
    assertThat(heard()).filteredOn(call -> call.nanos() > 0).hasSize(1);
  }

  @Test
  void whatWasPutIsFoundAmongSeveral() {
    List<Long> ids = ids(2);
    items(first).put(ids.get(0), "put");
    assertThat(items(first).findAll(ids))
        .isEqualTo(
            Map.of(
                ids.get(0), new Item(ids.get(0), "put"), ids.get(1), new Item(ids.get(1), "old")));
    assertThat(asked(first)).containsExactly(Set.of(ids.get(1)));
  }

  @Test
  void whatIsNotFoundIsRememberedUntilItIsThere() {
    List<Long> ids = ids(2);
    long none = ids.get(1) + 5_000_000;
    List<Long> all = List.of(ids.get(0), none, ids.get(1));
    assertThat(items(first).findAll(all).keySet()).containsExactlyElementsOf(ids);
    assertThat(items(first).findAll(all)).hasSize(2);
    assertThat(items(first).find(none)).isEmpty();
    assertThat(asked(first)).hasSize(1);
    assertThat(first.hooks().reads("single " + none)).isZero();

    items(second).insert(none, "born");
    first.awaitAllOf(second);
    assertThat(items(first).findAll(all)).hasSize(3).containsEntry(none, new Item(none, "born"));
    assertThat(asked(first)).containsExactly(Set.of(none));
  }

  @Test
  void nothingIsRememberedThatTheMethodForOneIdWouldNotReturn() {
    List<Long> ids = ids(1);
    long none = ids.get(0) + 6_000_000;
    for (int i = 0; i < 2; i++) {
      assertThat(items(first).findAllThere(List.of(ids.get(0), none))).hasSize(1);
    }
    assertThat(asked(first)).containsExactly(new TreeSet<>(Set.of(ids.get(0), none)), Set.of(none));
    assertThatThrownBy(() -> items(first).findStrictly(none)).hasMessageContaining("No value");
  }

  @Test
  void aChangeOfOneRowEndsItsValueAloneWhereValuesAreMadeOfTheirOwnRows() {
    List<Long> ids = ids(4);
    items(first).findAll(ids);
    awaitStored("bulk", ids);
    items(second).findAll(ids);
    asked(first);
    items(second).change(ids.get(2), "new");
    first.awaitAllOf(second);
    for (Node node : List.of(first, second)) {
      assertThat(items(node).findAll(ids)).containsEntry(ids.get(2), new Item(ids.get(2), "new"));
    }
    List<Set<Long>> loaded = new ArrayList<>(asked(first));
    loaded.addAll(asked(second));
    assertThat(loaded).isNotEmpty().allMatch(Set.of(ids.get(2))::equals);
  }

  @Test
  void moreValuesThanRowsAreToldOneByOneStillEndOneByOne() {
    List<Long> ids = ids(130);
    items(first).findAll(ids);
    asked(first);
    items(first).change(ids.get(2), "new");
    assertThat(items(first).findAll(ids)).hasSize(130);
    assertThat(asked(first)).containsExactly(Set.of(ids.get(2)));
  }

  @Test
  void withoutAWordOfTheDeveloperAChangeEndsAllThatWereLoadedWithIt() {
    List<Long> ids = ids(3);
    items(first).findAllCoarsely(Set.copyOf(ids));
    long apart = ids(1).get(0);
    items(first).findAllCoarsely(Set.of(apart));
    asked(first);
    items(first).change(ids.get(0), "new");
    Set<Long> all = new HashSet<>(ids);
    all.add(apart);
    assertThat(items(first).findAllCoarsely(all))
        .containsEntry(ids.get(0), new Item(ids.get(0), "new"));
    assertThat(asked(first)).containsExactly(new TreeSet<>(ids));
  }

  @Test
  void valuesThatShowFurtherRowsEndWithThem() {
    List<Long> ids = ids(4);
    assertThat(items(first).pairs(ids.subList(0, 2))).containsEntry(ids.get(0), "old old");
    items(first).change(ids.get(1), "new");
    assertThat(items(first).pairs(ids.subList(0, 2)))
        .containsEntry(ids.get(0), "old new")
        .containsEntry(ids.get(1), "new old");
    items(first).change(ids.get(2), "third");
    assertThat(items(first).pairs(ids.subList(0, 2))).containsEntry(ids.get(1), "new third");
  }

  @Test
  void whatAQueryFoundDependsOnTheTableWhateverTheDeveloperSays() {
    List<Long> ids = ids(2);
    items(first).findAllByQuery(ids);
    asked(first);
    items(first).change(ids(1).get(0), "new");
    items(first).findAllByQuery(ids);
    assertThat(asked(first)).containsExactly(new TreeSet<>(ids));
  }

  @Test
  void aValueMadeOfSeveralEndsWithEachOfThem() {
    List<Long> ids = ids(3);
    items(first).find(ids.get(0));
    String key = "made " + ids;
    for (long changed : ids) {
      made(key, ids);
      assertThat(made(key, ids)).contains("old");
      int before = first.hooks().reads(key);
      made(key, ids);
      assertThat(first.hooks().reads(key)).isEqualTo(before);
      items(first).change(changed, "new");
      assertThat(made(key, ids)).contains("id=" + changed + ", text=new");
      assertThat(first.hooks().reads(key)).isEqualTo(before + 1);
      items(first).change(changed, "old");
    }
  }

  private static String made(String key, List<Long> ids) {
    return items(first).made(key, any -> items(first).findAll(ids).toString());
  }

  @Test
  void fewerMoreAndOtherValuesThanAskedFor() {
    long base = 7_000_000;
    Map<Long, String> odd = new HashMap<>();
    odd.put(base, "asked for");
    odd.put(base + 1, null);
    odd.put(base + 99, "not asked for");
    items(first).answerOddly(ids -> odd);
    assertThat(items(first).odd(List.of(base + 2, base + 1, base, base)))
        .isEqualTo(Map.of(base, "asked for"));
    asked(first);
    assertThat(items(first).odd(List.of(base, base + 1, base + 2))).hasSize(1);
    assertThat(asked(first)).isEmpty();
    items(first).answerOddly(ids -> Map.of());
    assertThat(items(first).odd(List.of(base + 99))).isEmpty();
    assertThat(asked(first)).containsExactly(Set.of(base + 99));
    assertThat(items(first).odd(List.of())).isEmpty();
    assertThat(asked(first)).isEmpty();
  }

  @Test
  void whatIsBeingLoadedIsWaitedForAndTheRestLoadedMeanwhile() {
    List<Long> ids = ids(3);
    Gate gate = new Gate();
    first.hooks().onceAfterReading("single " + ids.get(1), gate::pass);
    Future<?> single = FLEET.call(() -> items(first).find(ids.get(1)));
    gate.awaitReached();
    Future<Map<Long, Item>> several = FLEET.call(() -> items(first).findAll(ids));
    String rest = "bulk " + List.of(ids.get(0), ids.get(2));
    await().until(() -> first.hooks().reads(rest) == 1);
    long joined = counts(first, "bulk").joins();
    gate.open();
    assertThat(answer(several)).hasSize(3);
    assertThat(answer(single)).isNotNull();
    assertThat(asked(first)).containsExactly(Set.of(ids.get(0), ids.get(2)));
    assertThat(counts(first, "bulk").joins() - joined).isEqualTo(1);
  }

  @Test
  void whoWantsOneOfSeveralWaitsForTheirLoad() {
    List<Long> ids = ids(3);
    Gate gate = new Gate();
    first.hooks().onceAfterReading("bulk " + ids, gate::pass);
    Future<?> several = FLEET.call(() -> items(first).findAll(ids));
    gate.awaitReached();
    Future<?> single = FLEET.call(() -> items(first).find(ids.get(1)));
    gate.open();
    assertThat(answer(single)).isNotNull();
    answer(several);
    assertThat(first.hooks().reads("single " + ids.get(1))).isZero();
  }

  @Test
  void callerWhoComesAfterAWriteTakesNothingOfALoadThatBeganBefore() {
    List<Long> ids = ids(2);
    Gate gate = new Gate();
    first.hooks().onceAfterReading("bulk " + ids, gate::pass);
    Future<Map<Long, Item>> slow = FLEET.call(() -> items(first).findAll(ids));
    gate.awaitReached();
    items(first).change(ids.get(1), "new");
    Future<Map<Long, Item>> later = FLEET.call(() -> items(first).findAll(ids));
    gate.open();
    assertThat(answer(later)).containsEntry(ids.get(1), new Item(ids.get(1), "new"));
    assertThat(answer(slow)).containsEntry(ids.get(1), new Item(ids.get(1), "old"));
    assertThat(items(first).find(ids.get(1))).hasValue(new Item(ids.get(1), "new"));
  }

  @Test
  void aTransactionSeesItsOwnWritesAndNobodyElseDoes() {
    List<Long> ids = ids(2);
    items(first).findAll(ids);
    asked(first);
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              items(first).change(ids.get(0), "mine");
              assertThat(text(items(first).findAll(ids), ids.get(0))).isEqualTo("mine");
              assertThat(answer(FLEET.call(() -> items(first).findAll(ids))))
                  .containsEntry(ids.get(0), new Item(ids.get(0), "old"));
              status.setRollbackOnly();
            });
    assertThat(items(first).findAll(ids)).containsEntry(ids.get(0), new Item(ids.get(0), "old"));
    assertThat(items(first).find(ids.get(0))).hasValue(new Item(ids.get(0), "old"));
  }

  private static String text(Map<Long, Item> items, Long id) {
    return Objects.requireNonNull(items.get(id)).text();
  }

  @Test
  void whatIsReadAmongChangedEntitiesIsNotShared() {
    List<Long> ids = ids(3);
    var readOnly = first.transaction();
    readOnly.setReadOnly(true);
    readOnly.executeWithoutResult(
        status -> {
          first
              .bean(EntityManager.class)
              .find(ItemRow.class, ids.get(0))
              .changeText("in memory only");
          assertThat(text(items(first).findAll(ids), ids.get(0))).isEqualTo("in memory only");
        });
    assertThat(items(first).findAll(ids)).containsEntry(ids.get(0), new Item(ids.get(0), "old"));
  }

  @Test
  void severalAreEvictedAfterTheCommit() {
    List<Long> ids = ids(3);
    items(first).findAll(ids);
    asked(first);
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              first.bean(LarderCacheManager.class).getCache("bulk").evictAll(ids.subList(0, 2));
              answer(FLEET.call(() -> items(first).findAll(ids)));
              assertThat(asked(first)).isEmpty();
            });
    items(first).findAll(ids);
    assertThat(asked(first)).containsExactly(Set.copyOf(ids.subList(0, 2)));
  }

  /** The same random calls, by one method and by the other, while rows change on both nodes. */
  @Test
  void bothMethodsAlwaysSayTheSame() {
    List<Long> ids = ids(12);
    List<Long> all = new ArrayList<>(ids);
    all.add(ids.get(0) + 8_000_000);
    Random random = new Random(7);
    List<Node> nodes = List.of(first, second);
    Map<Long, Item> truth = new HashMap<>();
    ids.forEach(id -> truth.put(id, new Item(id, "old")));
    for (int step = 0; step < 400; step++) {
      Node node = nodes.get(random.nextInt(2));
      Long id = all.get(random.nextInt(all.size()));
      switch (random.nextInt(6)) {
        case 0 -> {
          if (truth.containsKey(id)) {
            items(node).change(id, "step " + step);
            truth.put(id, new Item(id, "step " + step));
            nodes.get(node == first ? 1 : 0).awaitAllOf(node);
          }
        }
        case 1 -> node.forgetNear();
        case 2 -> node.bean(LarderCacheManager.class).getCache("bulk").evictAll(List.of(id, -1L));
        case 3 -> assertThat(items(node).find(id).orElse(null)).isEqualTo(truth.get(id));
        default -> {
          List<Long> some = all.stream().filter(any -> random.nextBoolean()).toList();
          Map<Long, Item> expected = new HashMap<>(truth);
          expected.keySet().retainAll(some);
          assertThat(items(node).findAll(some)).as("step " + step).isEqualTo(expected);
        }
      }
    }
  }

  /** Readers of both kinds on both nodes beside writers: nobody sees what was replaced long ago. */
  @Test
  void nobodyIsServedWhatWasReplacedLongerAgoThanTheBound() throws Exception {
    List<Long> ids = ids(6);
    ids.forEach(id -> FLEET.changeUnseen(id, "0"));
    Map<Long, List<Long>> replaced = new HashMap<>();
    ids.forEach(id -> replaced.put(id, new CopyOnWriteArrayList<>()));
    AtomicBoolean running = new AtomicBoolean(true);
    ConcurrentLinkedQueue<String> stale = new ConcurrentLinkedQueue<>();
    List<Future<?>> callers = new ArrayList<>();
    for (Node node : List.of(first, second)) {
      for (int caller = 0; caller < 3; caller++) {
        boolean single = caller == 2;
        Random random = new Random(caller);
        callers.add(
            FLEET.run(
                () -> {
                  while (running.get()) {
                    List<Long> some =
                        ids.stream().filter(any -> single || random.nextBoolean()).toList();
                    long began = System.nanoTime();
                    Map<Long, Item> found = new HashMap<>();
                    if (single) {
                      items(node).find(some.get(0)).ifPresent(one -> found.put(one.id(), one));
                    } else {
                      found.putAll(items(node).findAll(some));
                    }
                    found.forEach(
                        (id, item) -> {
                          int version = Integer.parseInt(item.text());
                          List<Long> history = Objects.requireNonNull(replaced.get(id));
                          if (version < history.size()
                              && began - history.get(version) > TimeUnit.SECONDS.toNanos(2)) {
                            stale.add(item.toString());
                          }
                        });
                  }
                }));
      }
    }
    Random random = new Random(3);
    for (int write = 0; write < 100; write++) {
      Long id = ids.get(random.nextInt(ids.size()));
      List<Long> history = Objects.requireNonNull(replaced.get(id));
      items(write % 2 == 0 ? first : second).change(id, "" + (history.size() + 1));
      history.add(System.nanoTime());
    }
    first.awaitAllOf(second);
    second.awaitAllOf(first);
    for (Node node : List.of(first, second)) {
      items(node)
          .findAll(ids)
          .forEach(
              (id, item) ->
                  assertThat(item.text())
                      .isEqualTo("" + Objects.requireNonNull(replaced.get(id)).size()));
    }
    running.set(false);
    for (Future<?> caller : callers) {
      caller.get(20, TimeUnit.SECONDS);
    }
    assertThat(stale).isEmpty();
  }
}
