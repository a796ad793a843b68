package larder.cache.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import larder.cache.log.Source;
import larder.cache.log.TagNames;
import larder.cache.log.Tags;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TrackedWritesTests {

  private final MemoryNode node = new MemoryNode(Duration.ofSeconds(60));
  private final TrackedWrites writes = new TrackedWrites(node.transactions, new TagNames());

  @Test
  void whatNobodyCanNameIsSaidOnceWhereNoTriggerHearsIt(CapturedOutput output) {
    writes.unknown("call close_month()");
    writes.unknown("call close_month()");
    assertThat(output).containsOnlyOnce("call close_month()").contains("@CacheEvict");
  }

  @Test
  void nothingIsSaidWhereTriggersHearIt(CapturedOutput output) {
    node.transactions.leaveIn(NOTHING_LEFT, last -> {});
    node.follower.relyOn(new Source("db", 1));
    writes.unknown("call close_month()");
    assertThat(output).doesNotContain("close_month");
  }

  private static final Outbox NOTHING_LEFT =
      new Outbox() {
        @Override
        public boolean isWatched(String table) {
          return true;
        }

        @Override
        public @Nullable Written write(Connection connection, Tags pending) {
          return null;
        }
      };
}
