package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CommitsTests {

  private final Commits commits = new Commits();

  @Test
  void nothingIsNewerThanTheNewest() {
    commits.add(1, 100);
    commits.add(2, 200);

    assertThat(commits.oldestNewerThan(2)).isEqualTo(Commits.NONE);
    assertThat(commits.oldestNewerThan(3)).isEqualTo(Commits.NONE);
    assertThat(new Commits().oldestNewerThan(0)).isEqualTo(Commits.NONE);
  }

  @Test
  void theOldestCommitThatWasNotSeenCounts() {
    commits.add(3, 300);
    commits.add(1, 100);
    commits.add(2, 200);

    assertThat(commits.oldestNewerThan(0)).isEqualTo(100);
    assertThat(commits.oldestNewerThan(1)).isEqualTo(200);
    assertThat(commits.oldestNewerThan(2)).isEqualTo(300);
  }

  @Test
  void aCommitIsFinishedWhenALaterOneIs() {
    commits.add(1, 500);
    commits.add(2, 200);

    assertThat(commits.oldestNewerThan(0)).isEqualTo(200);
    commits.add(3, 150);
    assertThat(commits.oldestNewerThan(0)).isEqualTo(150);
    assertThat(commits.oldestNewerThan(1)).isEqualTo(150);
  }

  @Test
  void aCommitOfWhichNobodyToldIsBoundedByTheNext() {
    commits.add(1, 100);
    commits.add(3, 300);

    assertThat(commits.oldestNewerThan(1)).isEqualTo(300);
    assertThat(commits.oldestNewerThan(2)).isEqualTo(300);
  }

  @Test
  void theEarliestWordOfACommitCounts() {
    commits.add(1, 300);
    commits.add(1, 100);
    commits.add(1, 200);

    assertThat(commits.oldestNewerThan(0)).isEqualTo(100);
  }

  @Test
  void theNewestByAnInstantIsFound() {
    assertThat(commits.newestBy(1_000)).isZero();
    commits.add(1, 100);
    commits.add(2, 200);
    commits.add(5, 500);

    assertThat(commits.newestBy(99)).isZero();
    assertThat(commits.newestBy(100)).isEqualTo(1);
    assertThat(commits.newestBy(499)).isEqualTo(2);
    assertThat(commits.newestBy(1_000)).isEqualTo(5);
  }

  @Test
  void anyOrderTellsTheSame() {
    Random random = new Random(1);
    long[] told = random.longs(200, 0, 10_000).toArray();
    Commits shuffled = new Commits();
    for (int i = 0; i < 1_000; i++) {
      int stamp = random.nextInt(told.length);
      shuffled.add(stamp + 1, told[stamp]);
      commits.add(stamp + 1, told[stamp]);
    }
    for (int i = told.length - 1; i >= 0; i--) {
      commits.add(i + 1, told[i]);
      shuffled.add(told.length - i, told[told.length - i - 1]);
    }
    long least = Long.MAX_VALUE;
    for (int seen = told.length - 1; seen >= 0; seen--) {
      least = Math.min(least, told[seen]);
      assertThat(commits.oldestNewerThan(seen)).isEqualTo(least);
      assertThat(shuffled.oldestNewerThan(seen)).isEqualTo(least);
    }
  }
}
