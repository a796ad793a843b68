package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.junit.jupiter.api.Test;

class AppliedTagsTests {

  private final AppliedTags applied = new AppliedTags(/* capacity= */ 12);
  private final TransactionId first = new TransactionId("db", 1);
  private final TransactionId second = new TransactionId("db", 2);

  @Test
  void knowsTheTagsAndNotTheTransaction() {
    applied.add(first, Tags.of("a", "b"));
    assertThat(applied.fresh(first, Tags.of("b", "c"))).isEqualTo(Tags.of("c"));
    assertThat(applied.fresh(second, Tags.of("b", "c"))).isEqualTo(Tags.of("b", "c"));
    applied.add(first, Tags.of("c"));
    assertThat(applied.fresh(first, Tags.of("a", "b", "c")).isEmpty()).isTrue();
  }

  @Test
  void remembersNothingOfAChangeWithoutATransaction() {
    assertThat(applied.fresh(null, Tags.of("a"))).isEqualTo(Tags.of("a"));
  }

  @Test
  void forgetsTheOldestTransactionsBeyondItsCapacity() {
    applied.add(first, Tags.of("a", "b", "c"));
    applied.add(second, Tags.of("a", "b", "c"));
    applied.add(first, Tags.of("d"));
    applied.add(new TransactionId("db", 3), Tags.of("a", "b", "c"));
    assertThat(applied.fresh(second, Tags.of("a"))).isEqualTo(Tags.of("a"));
    assertThat(applied.fresh(first, Tags.of("a", "d")).isEmpty()).isTrue();
  }

  @Test
  void forgetsATransactionThatAloneIsTooLarge() {
    applied.add(first, Tags.ofHashes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
    assertThat(applied.fresh(first, Tags.ofHashes(1)).size()).isEqualTo(1);
    applied.add(second, Tags.of("a"));
    assertThat(applied.fresh(second, Tags.of("a")).isEmpty()).isTrue();
  }

  @Test
  void forgetsAllOnDemand() {
    applied.add(first, Tags.of("a"));
    applied.forget();
    assertThat(applied.fresh(first, Tags.of("a"))).isEqualTo(Tags.of("a"));
  }
}
