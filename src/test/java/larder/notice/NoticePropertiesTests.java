package larder.notice;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NoticePropertiesTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void aBadValueIsRefusedByName() {
    assertThatThrownBy(() -> new NoticeProperties(99, MINUTE, MINUTE, MINUTE, 1, 1, MINUTE))
        .hasMessage("larder.notice.kept must be from 100 to 1000000, was: 99");
    assertThatThrownBy(() -> new NoticeProperties(100, MINUTE, Duration.ZERO, MINUTE, 1, 1, MINUTE))
        .hasMessage("larder.notice.read-interval must be at least 100ms, was: PT0S");
    assertThatThrownBy(() -> new NoticeProperties(100, MINUTE, MINUTE, MINUTE, 0, 1, MINUTE))
        .hasMessage("larder.notice.per-person must be at least 1, was: 0");
  }
}
