package larder.monolith.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.time.Instant;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import org.junit.jupiter.api.Test;

class PageCallsTests {

  private final PageCalls calls = new PageCalls(Instant.EPOCH);

  @Test
  void countsAndTimesBySource() throws Exception {
    answer(Source.LOADED, 3_000_000);
    answer(Source.NEAR, 60_000);
    answer(Source.NEAR, 40_000);

    assertThat(calls.header())
        .isEqualTo(
            "cache-near;desc=\"2 calls\";dur=0.100, cache-database;desc=\"1 call\";dur=3.000");
    assertThat(calls.summary()).isEqualTo("2 answers from memory, 1 from the database, 3.1 ms");
  }

  @Test
  void namesRedis() throws Exception {
    answer(Source.REMOTE, 12_000);

    assertThat(calls.header()).isEqualTo("cache-remote;desc=\"1 call\";dur=0.012");
    assertThat(calls.summary()).isEqualTo("1 answer from Redis, 0.012 ms");
  }

  @Test
  void nothingCalledSaysSo() {
    assertThat(calls.header()).isEmpty();
    assertThat(calls.summary()).isEqualTo("no cached calls");
  }

  private void answer(Source source, long nanos) throws Exception {
    Method any = Object.class.getMethod("toString");
    calls.add(new CachedCall(any, source, nanos));
  }
}
