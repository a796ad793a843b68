package larder.limit.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import larder.limit.Algorithm;
import larder.limit.Decision;
import larder.limit.Limit;
import larder.limit.Standing;
import larder.limit.Standing.DecidedBy;
import larder.limit.WhenAway;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** The response fields, in the form of the draft, and the networks of addresses. */
class RateLimitFieldsTests {

  private final MockHttpServletRequest request = new MockHttpServletRequest();
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  private static Standing standing(
      String name,
      Duration window,
      boolean allowed,
      long remaining,
      Duration nextIn,
      DecidedBy by) {
    Limit limit =
        new Limit(
            name, Algorithm.FIXED_WINDOW, 60, window, 60, WhenAway.ALLOW, /* enabled= */ true);
    return new Standing(limit, "key", allowed, remaining, nextIn, by, /* stamp= */ 0);
  }

  private void write(Standing... standings) {
    RateLimitFields.write(new Decision(List.of(standings)), request, response);
  }

  @Test
  void anAllowedCallTellsPolicyAndStanding() {
    write(
        standing(
            "search", Duration.ofMinutes(1), true, 59, Duration.ofMillis(1_001), DecidedBy.REDIS));
    assertThat(response.getHeader("RateLimit-Policy")).isEqualTo("\"search\";q=60;w=60");
    assertThat(response.getHeader("RateLimit")).isEqualTo("\"search\";r=59;t=2");
    assertThat(response.getHeader("Retry-After")).isNull();
  }

  @Test
  void severalLimitsOfOneRequestAreAListEachOnce() {
    Duration minute = Duration.ofMinutes(1);
    write(standing("a", minute, true, 9, minute, DecidedBy.REDIS));
    write(standing("b", minute, true, 7, minute, DecidedBy.NODE));
    write(standing("a", minute, true, 8, minute, DecidedBy.REDIS));
    assertThat(response.getHeaders("RateLimit-Policy"))
        .containsExactly("\"a\";q=60;w=60, \"b\";q=60;w=60");
    assertThat(response.getHeaders("RateLimit")).containsExactly("\"a\";r=8;t=60, \"b\";r=7;t=60");
  }

  @Test
  void aLimitThatNobodyCouldAskTellsItsPolicyOnly() {
    write(standing("a", Duration.ofMinutes(1), true, 0, Duration.ZERO, DecidedBy.NOBODY));
    assertThat(response.getHeader("RateLimit-Policy")).isEqualTo("\"a\";q=60;w=60");
    assertThat(response.getHeader("RateLimit")).isNull();
  }

  @Test
  void aWindowThatIsNotOfWholeSecondsIsNotTold() {
    write(standing("a", Duration.ofMillis(1_500), true, 1, Duration.ofMillis(1), DecidedBy.REDIS));
    assertThat(response.getHeader("RateLimit-Policy")).isEqualTo("\"a\";q=60");
    assertThat(response.getHeader("RateLimit")).isEqualTo("\"a\";r=1;t=1");
  }

  @Test
  void aRefusalTellsTheLongestWaitOfThoseThatRefusedRoundedUp() {
    Duration minute = Duration.ofMinutes(1);
    RateLimitFields.refuse(
        new Decision(
            List.of(
                standing("a", minute, true, 5, minute, DecidedBy.REDIS),
                standing("b", minute, false, 0, Duration.ofMillis(4_200), DecidedBy.REDIS),
                standing("c", minute, false, 0, Duration.ofMillis(900), DecidedBy.REDIS))),
        request,
        response);
    assertThat(response.getHeader("Retry-After")).isEqualTo("5");
    assertThat(request.getAttribute(RateLimitFields.RETRY_AFTER)).isEqualTo(Duration.ofSeconds(5));
    assertThat(response.getHeader("RateLimit"))
        .isEqualTo("\"a\";r=5;t=60, \"b\";r=0;t=5, \"c\";r=0;t=1");
  }

  @Test
  void anIpv6AddressCountsByItsFirst64Bits() {
    assertThat(Networks.of("192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(Networks.of("2001:db8:1:2:3:4:5:6"))
        .isEqualTo(Networks.of("2001:db8:1:2::1"))
        .isEqualTo("20010db800010002/64")
        .isNotEqualTo(Networks.of("2001:db8:1:3::1"));
    assertThat(Networks.of("fe80::1%eth0")).isEqualTo("fe80000000000000/64");
    assertThat(Networks.of("::ffff:192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(Networks.of("not:an:address")).isEqualTo("not:an:address");
  }
}
