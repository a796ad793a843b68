package larder.cache.autoconfigure;

import org.redisson.spring.starter.RedissonAutoConfigurationCustomizer;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Lets an application start while Redis is away: the client connects when first used. */
@AutoConfiguration(before = RedissonAutoConfigurationV4.class)
@ConditionalOnClass(RedissonAutoConfigurationCustomizer.class)
public final class LarderRedissonAutoConfiguration {

  @Bean
  RedissonAutoConfigurationCustomizer larderLazyConnection() {
    return config -> config.setLazyInitialization(true);
  }
}
