package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.tracking.Relations;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a unique key finds lives until its own row changes, and is nobody else's. */
class UniqueKeysIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static final AtomicLong IDS = new AtomicLong();
  private static Node first;
  private static Node second;

  @BeforeAll
  static void startNodes() {
    Map<String, String> settings =
        Map.of("spring.application.name", "unique-tests", "larder.defaults.tracking", "true");
    first = FLEET.start(settings, Labels.class).awaitCurrent();
    second = FLEET.start(settings, Labels.class).awaitCurrent();
    first
        .jdbc()
        .execute("create table label (id bigint primary key, name text not null, note text)");
    first.jdbc().execute("create unique index on label (lower(name))");
    awaitKeys(first);
    awaitKeys(second);
  }

  /** The first to ask has the keys listed, a little later. */
  private static void awaitKeys(Node node) {
    await()
        .until(
            () -> {
              var keys = node.bean(Relations.class).uniqueKeys("label");
              return keys != null && !keys.isEmpty();
            });
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  private static Labels labels(Node node) {
    return node.bean(Labels.class);
  }

  private static long add(String name) {
    long id = IDS.incrementAndGet();
    labels(first).add(id, name);
    second.awaitAllOf(first);
    return id;
  }

  private static Optional<String> unnoted(long id) {
    return Optional.of(id + " ");
  }

  @Test
  void changeOfAnotherRowLeavesIt() {
    long oak = add("oak");
    long elm = add("elm");
    assertThat(labels(first).named("oak")).isEqualTo(unnoted(oak));
    labels(second).note(elm, "tall");
    first.awaitAllOf(second);
    assertThat(labels(first).named("Oak")).isEqualTo(unnoted(oak));
    assertThat(first.hooks().reads("label oak")).isOne();
    labels(second).note(oak, "old");
    first.awaitAllOf(second);
    assertThat(labels(first).named("oak")).hasValue(oak + " old");
    assertThat(first.hooks().reads("label oak")).isEqualTo(2);
  }

  @Test
  void nobodyDependsOnTheTable() {
    assertThat(labels(first).named("nobody")).isEmpty();
    long id = IDS.incrementAndGet();
    labels(second).add(id, "nobody");
    first.awaitAllOf(second);
    assertThat(labels(first).named("nobody")).isEqualTo(unnoted(id));
  }

  @Test
  void nameThatGoesOverToAnotherRowFindsThat() {
    long ash = add("ash");
    long fir = add("fir");
    assertThat(labels(first).named("ash")).isEqualTo(unnoted(ash));
    assertThat(labels(second).named("ash")).isEqualTo(unnoted(ash));
    labels(first).rename(ash, "yew");
    second.awaitAllOf(first);
    labels(second).rename(fir, "ASH");
    assertThat(labels(second).named("ash")).isEqualTo(unnoted(fir));
    first.awaitAllOf(second);
    assertThat(labels(first).named("ash")).isEqualTo(unnoted(fir));
    assertThat(labels(first).named("yew")).isEqualTo(unnoted(ash));
  }

  /** That the name is free may be news that has not arrived where it is given anew. */
  @Test
  void whoGivesANameFindsTheRowThatHasItNow() {
    long bay = add("bay");
    long box = add("box");
    assertThat(labels(second).named("bay")).isEqualTo(unnoted(bay));
    FLEET.unseen("update label set name = 'former bay' where id = " + bay);
    assertThat(labels(second).renameAndFind(box, "bay", labels(second)))
        .as("in the transaction")
        .isEqualTo(unnoted(box));
    assertThat(labels(second).named("bay")).as("after it").isEqualTo(unnoted(box));
  }

  /** Whose name it is now may be news as well. */
  @Test
  void whoWritesARowFindsItByTheNameThatItHasNow() {
    long yew = add("yam");
    long ivy = add("ivy");
    assertThat(labels(second).named("yam")).isEqualTo(unnoted(yew));
    FLEET.unseen("update label set name = 'former yam' where id = " + yew);
    FLEET.unseen("update label set name = 'yam' where id = " + ivy);
    assertThat(labels(second).noteAndFind(ivy, "noted", "yam", labels(second)))
        .hasValue(ivy + " noted");
  }

  @Test
  void whoAddsANameFindsTheRowThatHasItNow() {
    long fig = add("fig");
    assertThat(labels(second).named("fig")).isEqualTo(unnoted(fig));
    FLEET.unseen("delete from label where id = " + fig);
    long next = IDS.incrementAndGet();
    labels(second).add(next, "Fig");
    assertThat(labels(second).named("fig")).isEqualTo(unnoted(next));
  }
}
