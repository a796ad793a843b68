package larder.cache.remote;

import static org.assertj.core.api.Assertions.assertThat;

import larder.cache.remote.MissedRemovals.Missed;
import org.junit.jupiter.api.Test;

class MissedRemovalsTests {

  private final MissedRemovals missed = new MissedRemovals("app:");

  @Test
  void givesWhatItWasGivenOnce() {
    missed.addKey("app:a:1");
    missed.addKey("app:a:1");
    missed.addPrefix("app:b:");

    Missed taken = missed.take();
    assertThat(taken.keys()).containsExactly("app:a:1");
    assertThat(taken.prefixes()).containsExactly("app:b:");
    assertThat(taken.isEmpty()).isFalse();
    assertThat(missed.take().isEmpty()).isTrue();
  }

  @Test
  void takesBackWhatCouldNotBeMadeGood() {
    missed.addKey("app:a:1");
    missed.addPrefix("app:b:");
    Missed taken = missed.take();
    missed.addKey("app:a:2");
    missed.putBack(taken);

    Missed again = missed.take();
    assertThat(again.keys()).containsExactlyInAnyOrder("app:a:1", "app:a:2");
    assertThat(again.prefixes()).containsExactly("app:b:");
  }

  @Test
  void standsForEverythingWhenThereIsTooMuch() {
    for (int i = 0; i < 10_000; i++) {
      missed.addKey("app:a:" + i);
    }
    Missed full = missed.take();
    assertThat(full.keys()).hasSize(10_000);
    assertThat(full.prefixes()).isEmpty();

    missed.putBack(full);
    missed.addKey("app:a:one more");
    missed.addKey("app:a:and more");
    Missed taken = missed.take();
    assertThat(taken.keys()).isEmpty();
    assertThat(taken.prefixes()).containsExactly("app:");
  }
}
