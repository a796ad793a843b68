package larder.monolith.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import larder.monolith.users.DirectoryPage;
import org.junit.jupiter.api.Test;

class PagerTests {

  @Test
  void offersFirstLastAndNeighbours() {
    assertThat(pager(5, 200).numbers()).containsExactly(1, 0, 5, 6, 7, 0, 10);
  }

  @Test
  void leavesNoGapAtTheEnds() {
    assertThat(pager(0, 200).numbers()).containsExactly(1, 2, 0, 10);
    assertThat(pager(9, 200).numbers()).containsExactly(1, 0, 9, 10);
  }

  @Test
  void onePageIsTheLast() {
    assertThat(pager(0, 0)).isEqualTo(new Pager(List.of(1), 1, 1));
  }

  private static Pager pager(int page, long total) {
    return Pager.of(new DirectoryPage(List.of(), "", page, 20, total));
  }
}
