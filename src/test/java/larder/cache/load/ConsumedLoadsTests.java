package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import larder.cache.CachedCall.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import org.junit.jupiter.api.Test;

/** What a value is made of is known of it: tags, age, end, and what is not known. */
class ConsumedLoadsTests extends LoadsFixture {

  @Test
  void anOuterValueCarriesTheTagsOfWhatWasLoadedForIt() {
    NothingFound inner = new NothingFound("b:1", "c:b", "k:b:1");
    load(miss, () -> load(inner, () -> "v"));

    assertThat(onlyStored(miss).stamp().tags()).isEqualTo(miss.tags().and(inner.tags()));
    assertThat(onlyStored(inner).stamp().tags()).isEqualTo(inner.tags());
  }

  @Test
  void whatIsThreeDeepIsCarriedToTheTop() {
    NothingFound inner = new NothingFound("b:1", "k:b:1");
    NothingFound innermost = new NothingFound("c:1", "k:c:1");
    load(miss, () -> load(inner, () -> load(innermost, () -> "v")));

    assertThat(onlyStored(miss).stamp().tags())
        .isEqualTo(miss.tags().and(inner.tags()).and(innermost.tags()));
  }

  /** A value made of an old one is itself no newer, though it was made just now. */
  @Test
  void anOuterValueIsNoNewerThanWhatItConsumed() {
    Stamp old = Stamp.remote(node.follower.position(), Tags.of("k:b:1"));
    long proven = System.nanoTime() - TimeUnit.SECONDS.toNanos(50);
    load(
        miss,
        () -> {
          Call inner = Call.begin(null);
          inner.hit(Source.REMOTE, old, proven);
          inner.end();
          return "v";
        });
    Stamp stamp = onlyStored(miss).stamp();
    assertThat(stamp.originNanos()).isEqualTo(proven);
    assertThat(stamp.tags()).isEqualTo(miss.tags().and(old.tags()));
    assertThat(stamp.readNanos()).as("nobody knows").isEqualTo(old.readNanos());
  }

  @Test
  void whatIsThreeDeepIsNoNewerThanTheInnermost() {
    Stamp old = Stamp.remote(node.follower.position(), Tags.of("k:b:1"));
    long proven = System.nanoTime() - TimeUnit.SECONDS.toNanos(50);
    NothingFound middle = new NothingFound("m:1", "k:m:1");
    load(
        miss,
        () ->
            load(
                middle,
                () -> {
                  Call innermost = Call.begin(null);
                  innermost.hit(Source.REMOTE, old, proven);
                  innermost.end();
                  return "v";
                }));
    assertThat(onlyStored(middle).stamp().originNanos()).isEqualTo(proven);
    assertThat(onlyStored(miss).stamp().originNanos()).isEqualTo(proven);
  }

  /** An expired value is served while the database fails; nothing that lasts is made of it. */
  @Test
  void whatIsMadeOfAValueThatIsNotProvenIsForItsCallerAlone() {
    Stamp expired = Stamp.remote(node.follower.position(), Tags.of("k:b:1"));
    NothingFound middle = new NothingFound("m:1", "k:m:1");
    load(
        miss,
        () ->
            load(
                middle,
                () -> {
                  Call innermost = Call.begin(null);
                  innermost.hit(Source.NEAR, expired, ServingRule.NOT_PROVEN);
                  innermost.end();
                  return "v";
                }));
    assertThat(middle.stored).isEmpty();
    assertThat(miss.stored).isEmpty();
  }

  @Test
  void whatIsBoundByItsPartsEndsWithTheFirstOfThem() {
    long now = System.nanoTime();
    Call page = Call.begin(null);
    page.boundByParts();
    page.missed(miss);
    run(
        loads,
        page,
        () -> {
          for (int seconds : new int[] {20, 10, 30}) {
            Call part = Call.begin(null);
            part.answerEndsBy(now + TimeUnit.SECONDS.toNanos(seconds));
            part.end();
          }
          return load(second(), () -> "v");
        });
    page.end();
    assertThat(onlyStored(miss).endsNanos()).isEqualTo(now + TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void whatIsNotBoundByItsPartsLivesAsItsPolicySays() {
    load(
        miss,
        () -> {
          Objects.requireNonNull(Call.current()).endsBy(System.nanoTime());
          return "v";
        });
    assertThat(onlyStored(miss).endsNanos()).isEqualTo(Loaded.OPEN);
  }

  @Test
  void anIncompleteValueMakesTheOuterIncomplete() {
    Stamp incomplete =
        Stamp.loaded(node.follower.origin(), Tags.of("k:b:1"), /* complete= */ false);
    load(
        miss,
        () -> {
          Objects.requireNonNull(Call.current()).consume(incomplete, incomplete.originNanos());
          return "v";
        });
    assertThat(onlyStored(miss).stamp().complete()).isFalse();
  }

  @Test
  void whatAJoinedLoadConsumedIsCarriedToo() {
    NothingFound inner = new NothingFound("b:1", "k:b:1");
    NothingFound outer = new NothingFound("c:1", "k:c:1");
    CompletableFuture<Object> owner = inBackground(() -> load(inner, () -> load(miss, slow("v"))));
    arrived(begun);
    CompletableFuture<Object> visitor =
        inBackground(() -> load(outer, () -> load(inner, () -> "own")));
    await().until(() -> waiters("load-") > 1);
    released.countDown();

    assertThat(owner.join()).isEqualTo("v").isEqualTo(visitor.join());
    assertThat(onlyStored(outer).stamp().tags())
        .isEqualTo(outer.tags().and(inner.tags()).and(miss.tags()));
  }

  private static NothingFound second() {
    return new NothingFound("d:1", "k:d:1");
  }
}
