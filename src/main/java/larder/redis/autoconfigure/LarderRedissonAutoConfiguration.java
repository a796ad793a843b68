package larder.redis.autoconfigure;

import java.time.Duration;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;
import org.redisson.spring.starter.RedissonAutoConfigurationCustomizer;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Lets an application start while Redis is away, and find it soon when it is back: the client
 * connects when first used, and tries a lost connection again about once a second.
 *
 * <p>Left to itself it would wait up to ten seconds between two tries, and after a long outage that
 * long until caches are used again. Another rule that the application has set stays.
 */
@AutoConfiguration(before = RedissonAutoConfigurationV4.class)
@ConditionalOnClass(RedissonAutoConfigurationCustomizer.class)
public final class LarderRedissonAutoConfiguration {

  private static final EqualJitterDelay SOON =
      new EqualJitterDelay(Duration.ofMillis(100), Duration.ofSeconds(1));

  @Bean
  RedissonAutoConfigurationCustomizer larderConnection() {
    return config -> {
      config.setLazyInitialization(true);
      reconnectSoon(config);
    };
  }

  private static void reconnectSoon(Config config) {
    if (config.isSingleConfig()) {
      reconnectSoon(config.useSingleServer());
    } else if (config.isSentinelConfig()) {
      reconnectSoon(config.useSentinelServers());
    } else if (config.isClusterConfig()) {
      reconnectSoon(config.useClusterServers());
    }
  }

  private static void reconnectSoon(BaseConfig<?> servers) {
    if (servers.getReconnectionDelay() instanceof EqualJitterDelay delay
        && delay.getMaxDelay().equals(Duration.ofSeconds(10))) {
      servers.setReconnectionDelay(SOON);
    }
  }
}
