package larder.limit.web;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import larder.limit.CallerSource;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The caller as the request of this thread tells: its principal's name and its remote address.
 * Behind a proxy that address is the client's only with {@code server.forward-headers-strategy}.
 */
public final class RequestCaller implements CallerSource {

  @Override
  public @Nullable String user() {
    HttpServletRequest request = request();
    Principal principal = request == null ? null : request.getUserPrincipal();
    return principal == null ? null : principal.getName();
  }

  @Override
  public @Nullable String network() {
    HttpServletRequest request = request();
    return request == null ? null : Networks.of(request.getRemoteAddr());
  }

  private static @Nullable HttpServletRequest request() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
        ? current.getRequest()
        : null;
  }
}
