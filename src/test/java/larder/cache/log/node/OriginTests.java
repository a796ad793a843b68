package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import larder.cache.log.Position;
import org.junit.jupiter.api.Test;

class OriginTests {

  private final Origin origin = new Origin(new Position(2, 5), 100);

  @Test
  void ofTwoTheEarlierWinsInEachPart() {
    assertThat(origin.earlier(new Origin(new Position(2, 4), 120)))
        .isEqualTo(new Origin(new Position(2, 4), 100));
    assertThat(origin.earlier(new Origin(new Position(3, 1), 90)))
        .isEqualTo(new Origin(new Position(2, 5), 90));
  }
}
