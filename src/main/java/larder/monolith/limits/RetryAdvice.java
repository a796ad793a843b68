package larder.monolith.limits;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import larder.limit.web.RateLimitFields;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Tells the page of a refused request when to try again. */
@ControllerAdvice
class RetryAdvice {

  @ModelAttribute("retryAfter")
  @Nullable Duration retryAfter(HttpServletRequest request) {
    return request.getAttribute(RateLimitFields.RETRY_AFTER) instanceof Duration wait ? wait : null;
  }
}
