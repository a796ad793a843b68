package larder.cache.autoconfigure;

import larder.cache.actuate.CachesEndpoint;
import larder.cache.adviser.Adviser;
import larder.cache.manager.LarderCacheManager;
import larder.cache.policy.PolicyCatalog;
import larder.cache.remote.RedisVersions;
import larder.cache.statistics.Statistics;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The layer's endpoint, for an application that has Spring Boot's actuator. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
class EndpointConfiguration {

  @Bean
  CachesEndpoint larderEndpoint(
      LarderCacheManager caches,
      PolicyCatalog policies,
      Statistics statistics,
      Adviser adviser,
      RedisVersions versions) {
    return new CachesEndpoint(caches, policies, statistics, adviser, versions);
  }
}
