package larder.cache.autoconfigure;

import larder.cache.LarderProperties;
import larder.cache.web.SessionPositionFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What goes with a person from node to node. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(
    name = {
      "jakarta.servlet.Filter",
      "org.springframework.boot.web.servlet.FilterRegistrationBean",
      "org.springframework.web.filter.OncePerRequestFilter"
    })
class SessionConfiguration {

  /** Behind the filter of Spring Session, before all that may read from caches. */
  private static final int ORDER = Integer.MIN_VALUE + 60;

  @Bean
  FilterRegistrationBean<SessionPositionFilter> larderSessionPosition(LarderProperties properties) {
    FilterRegistrationBean<SessionPositionFilter> registration =
        new FilterRegistrationBean<>(new SessionPositionFilter(properties.session().header()));
    registration.setOrder(ORDER);
    return registration;
  }
}
