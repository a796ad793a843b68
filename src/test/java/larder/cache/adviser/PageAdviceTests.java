package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import larder.cache.overview.Advice;
import larder.cache.overview.Advice.Severity;
import org.junit.jupiter.api.Test;

class PageAdviceTests {

  @Test
  void showsTheNameOfTheCacheOrOfTheSubject() {
    Rules rules =
        () ->
            List.of(
                Rule.TTL_SHORT.ofCache("prices", "answers 3 %", "larder.caches.prices.ttl=1m"),
                Rule.SELF_CALL.of("Prices.of", Set.of("a", "b"), "is called", "move it"));
    assertThat(new PageAdvice(new Adviser(List.of(rules))).findings())
        .containsExactly(
            new Advice.Finding(
                Severity.PROBLEM, "self call", null, "Prices.of is called", "Move it"),
            new Advice.Finding(
                Severity.HINT,
                "ttl short",
                "prices",
                "Answers 3 %",
                "larder.caches.prices.ttl=1m"));
  }
}
