package larder.monolith.timing;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Surrounds each request with a collection of its cached calls.
 *
 * <p>The header is set when the controller has returned and before the page is rendered; pages call
 * nothing. An error page goes on with the collection of the request that failed. A page that is
 * kept for guests tells of its own making, and when that was.
 */
@Component
class PageCallsInterceptor implements HandlerInterceptor, WebMvcConfigurer {

  static final String HEADER = "Server-Timing";

  private static final String ATTRIBUTE = PageCallsInterceptor.class.getName();

  private final PageCallsListener listener;
  private final Clock clock;

  PageCallsInterceptor(PageCallsListener listener, Clock clock) {
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    PageCalls calls = of(request);
    request.setAttribute(ATTRIBUTE, calls);
    listener.start(calls);
    return true;
  }

  @Override
  public void postHandle(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable ModelAndView page) {
    PageCalls calls = of(request);
    if (calls.calls() > 0) {
      response.setHeader(HEADER, calls.header());
    }
    if (page != null && page.getModel().get("calls") == null) {
      page.addObject("calls", calls);
    }
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    listener.stop();
  }

  private PageCalls of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof PageCalls calls
        ? calls
        : new PageCalls(clock.instant());
  }
}
