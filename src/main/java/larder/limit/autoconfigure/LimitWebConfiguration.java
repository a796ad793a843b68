package larder.limit.autoconfigure;

import larder.limit.CallerSource;
import larder.limit.web.RateLimitFields;
import larder.limit.web.RateLimitResolver;
import larder.limit.web.RequestCaller;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who calls, and how a refusal is answered, for an application with Spring MVC. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(
    name = {
      "jakarta.servlet.http.HttpServletRequest",
      "org.springframework.web.servlet.HandlerExceptionResolver"
    })
class LimitWebConfiguration {

  @Bean
  @ConditionalOnMissingBean
  CallerSource larderCallerSource() {
    return new RequestCaller();
  }

  @Bean
  RateLimitFields larderRateLimitFields() {
    return new RateLimitFields();
  }

  @Bean
  RateLimitResolver larderRateLimitResolver() {
    return new RateLimitResolver();
  }
}
