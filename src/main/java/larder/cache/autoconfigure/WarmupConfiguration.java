package larder.cache.autoconfigure;

import larder.cache.log.service.LogService;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.UsageSampler;
import larder.cache.policy.PolicyCatalog;
import larder.cache.warmup.CallMemory;
import larder.cache.warmup.Warmup;
import larder.cache.warmup.WarmupProperties;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** What is remembered of the calls that caches answer, and the warm-up before a node is ready. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WarmupProperties.class)
class WarmupConfiguration {

  @Bean
  CallMemory larderCallMemory(
      WarmupProperties properties,
      RedisCalls calls,
      Keyspace keyspace,
      BeanFactory beans,
      AnnotatedMethods methods,
      PolicyCatalog policies) {
    return new CallMemory(properties, calls, keyspace, beans, methods, policies, System::nanoTime);
  }

  @Bean
  UsageSampler larderUsageSampler(CallMemory memory) {
    return memory.sampler();
  }

  @Bean
  Warmup larderWarmup(
      WarmupProperties properties, CallMemory memory, RedisCalls calls, LogService log) {
    return new Warmup(
        properties, memory, () -> calls.isAvailable() && log.isCurrent(), System::nanoTime);
  }

  /** After the application's own runners, and before it reports that it is ready. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  ApplicationRunner larderWarmupRunner(Warmup warmup) {
    return arguments -> warmup.warmAll();
  }
}
