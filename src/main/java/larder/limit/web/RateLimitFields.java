package larder.limit.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import larder.limit.Decision;
import larder.limit.DecisionListener;
import larder.limit.Limit;
import larder.limit.Standing;
import larder.limit.Standing.DecidedBy;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The response fields that tell clients how they stand, in the form of
 * draft-ietf-httpapi-ratelimit-headers-11: {@code RateLimit-Policy: "search";q=120;w=60} and {@code
 * RateLimit: "search";r=119;t=1}. Of a limit that nobody could ask, only the policy is told.
 */
public final class RateLimitFields implements DecisionListener {

  /** What the limits say. */
  public static final String POLICY = "RateLimit-Policy";

  /** How the client stands. */
  public static final String STANDING = "RateLimit";

  /** Request attribute: the {@link Duration} after which a refused request has a chance again. */
  public static final String RETRY_AFTER = "larder.limit.retry-after";

  /** Request attribute: the standings told so far, by the name of the limit. */
  private static final String TOLD = "larder.limit.standings";

  private static final String RETRY_FIELD = "Retry-After";

  @Override
  public void decided(Decision decision) {
    if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
        && current.getResponse() != null) {
      write(decision, current.getRequest(), current.getResponse());
    }
  }

  /** Writes the fields, beside those of what was decided before in the same request. */
  public static void write(
      Decision decision, HttpServletRequest request, HttpServletResponse response) {
    if (decision.standings().isEmpty()) {
      return;
    }
    Map<String, Standing> told = told(request);
    decision.standings().forEach(standing -> told.put(standing.limit().name(), standing));
    request.setAttribute(TOLD, told);
    response.setHeader(
        POLICY,
        told.values().stream().map(one -> policy(one.limit())).collect(Collectors.joining(", ")));
    String standings =
        told.values().stream()
            .filter(one -> one.decidedBy() != DecidedBy.NOBODY)
            .map(RateLimitFields::standing)
            .collect(Collectors.joining(", "));
    if (!standings.isEmpty()) {
      response.setHeader(STANDING, standings);
    }
  }

  private static Map<String, Standing> told(HttpServletRequest request) {
    Map<String, Standing> told = new LinkedHashMap<>();
    if (request.getAttribute(TOLD) instanceof Map<?, ?> before) {
      before
          .values()
          .forEach(
              one -> {
                if (one instanceof Standing standing) {
                  told.put(standing.limit().name(), standing);
                }
              });
    }
    return told;
  }

  /** Writes what a refused client should wait, and keeps it for the page that tells it. */
  public static void refuse(
      Decision decision, HttpServletRequest request, HttpServletResponse response) {
    write(decision, request, response);
    long seconds = seconds(decision.retryAfter());
    request.setAttribute(RETRY_AFTER, Duration.ofSeconds(seconds));
    response.setHeader(RETRY_FIELD, Long.toString(seconds));
  }

  /** Returns whole seconds, rounded up, at least one. */
  static long seconds(Duration time) {
    return Math.max(1, time.plusNanos(999_999_999).toSeconds());
  }

  private static String policy(Limit limit) {
    boolean told = limit.window().toNanosPart() == 0;
    String window = told ? ";w=" + limit.window().toSeconds() : "";
    return "\"%s\";q=%d%s".formatted(limit.name(), limit.limit(), window);
  }

  private static String standing(Standing standing) {
    return "\"%s\";r=%d;t=%d"
        .formatted(standing.limit().name(), standing.remaining(), seconds(standing.nextIn()));
  }
}
