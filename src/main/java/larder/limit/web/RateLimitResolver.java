package larder.limit.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import larder.limit.RateLimitExceededException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers a refused call by {@code 429} with {@code Retry-After} and the application's error page,
 * unless an exception handler of the application has answered it.
 */
public final class RateLimitResolver implements HandlerExceptionResolver, Ordered {

  private static final int TOO_MANY_REQUESTS = 429;

  /** After the application's own handlers. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception exception) {
    if (!(exception instanceof RateLimitExceededException refused)) {
      return null;
    }
    RateLimitFields.refuse(refused.decision(), request, response);
    try {
      response.sendError(TOO_MANY_REQUESTS);
    } catch (IOException e) {
      throw new UncheckedIOException("The client is gone", e);
    }
    return new ModelAndView();
  }
}
