package larder.redis.autoconfigure;

import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RedisProperties;
import org.redisson.api.RedissonClient;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** The way to Redis and the application's keys there, for all parts that have something in it. */
@AutoConfiguration(after = RedissonAutoConfigurationV4.class)
@ConditionalOnBean(RedissonClient.class)
@EnableConfigurationProperties(RedisProperties.class)
public final class LarderRedisAutoConfiguration {

  @Bean
  Keyspace larderKeyspace(RedisProperties properties, Environment environment) {
    String set = properties.application();
    String name =
        StringUtils.hasText(set) ? set : environment.getProperty("spring.application.name");
    return new Keyspace(StringUtils.hasText(name) ? name : "application");
  }

  @Bean(destroyMethod = "close")
  RedisCalls larderRedisCalls(
      RedissonClient redisson, Keyspace keyspace, RedisProperties properties) {
    RedisProperties.Remote remote = properties.remote();
    return new RedisCalls(
        redisson,
        keyspace.prefix() + "probe",
        remote.deadline(),
        remote.probeInterval(),
        remote.connectWait());
  }
}
