package larder.monolith.views;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import larder.monolith.users.Field;
import larder.monolith.users.Users;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Tells of each profile page that was answered, whether it was put together or not. It stands
 * before whatever may answer with a page that is kept.
 */
@Component
@Order(0)
class ProfileViewFilter extends OncePerRequestFilter {

  private static final Logger log = LoggerFactory.getLogger(ProfileViewFilter.class);
  private static final PathPattern PROFILE =
      PathPatternParser.defaultInstance.parse("/users/{handle:" + Field.HANDLE_PATTERN + "}");

  private final Users users;
  private final ApplicationEventPublisher events;

  ProfileViewFilter(Users users, ApplicationEventPublisher events) {
    this.users = users;
    this.events = events;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    if (isSeen(request, response)) {
      tell(request.getServletPath());
    }
  }

  private static boolean isSeen(HttpServletRequest request, HttpServletResponse response) {
    return HttpMethod.GET.matches(request.getMethod())
        && (response.getStatus() == HttpStatus.OK.value()
            || response.getStatus() == HttpStatus.NOT_MODIFIED.value());
  }

  /** The page is sent: what fails here is nobody's concern who looks at it. */
  private void tell(String path) {
    try {
      PathMatchInfo profile = PROFILE.matchAndExtract(PathContainer.parsePath(path));
      String handle = profile == null ? null : profile.getUriVariables().get("handle");
      if (handle != null) {
        users
            .findByHandle(handle)
            .ifPresent(user -> events.publishEvent(new ProfileViewed(user.id())));
      }
    } catch (RuntimeException e) {
      log.warn("A view of a profile is not counted", e);
    }
  }
}
