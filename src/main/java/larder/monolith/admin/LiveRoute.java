package larder.monolith.admin;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The one address from which open pages follow what changes. It is no controller's: those ask for
 * their viewer, which would be a cached call every two seconds.
 */
@Configuration(proxyBeanMethods = false)
class LiveRoute {

  static final String PATH = "/admin/live";

  @Bean
  RouterFunction<ServerResponse> livePages(LiveFigures figures) {
    return RouterFunctions.route()
        .GET(
            PATH,
            request ->
                ServerResponse.ok().cacheControl(CacheControl.noStore()).body(figures.live()))
        .build();
  }
}
