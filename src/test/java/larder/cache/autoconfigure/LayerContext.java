package larder.cache.autoconfigure;

import static org.awaitility.Awaitility.await;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import larder.cache.log.service.LogService;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import larder.redis.autoconfigure.LarderRedissonAutoConfiguration;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications of the layer and nothing else. */
public final class LayerContext {

  /** What the layer's jar brings to an application. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ImportAutoConfiguration({
    LarderRedissonAutoConfiguration.class,
    LarderRedisAutoConfiguration.class,
    RedissonAutoConfigurationV4.class,
    DataRedisAutoConfiguration.class,
    LarderCacheAutoConfiguration.class,
    CacheAutoConfiguration.class
  })
  public @interface WithLayer {}

  /** An application that has nothing but the layer. */
  @WithLayer
  public static class Only {}

  private LayerContext() {}

  /** Starts an application of these classes and settings on the given Redis. */
  static ConfigurableApplicationContext start(
      String redisUrl, List<String> settings, Class<?>... classes) {
    List<String> all = new ArrayList<>();
    all.add("spring.config.location=optional:classpath:/no-such-folder/");
    all.add("spring.application.name=app");
    all.add("spring.data.redis.url=" + redisUrl);
    all.add("larder.remote.deadline=2s");
    // A sampled hit runs its method behind the caller's back, which tests that count loads notice.
    all.add("larder.consistency.one-in=0");
    for (String setting : settings) {
      all.removeIf(earlier -> earlier.startsWith(setting.replaceAll("=.*", "=")));
      all.add(setting);
    }
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Only.class)
            .sources(classes)
            .web(WebApplicationType.NONE)
            .run(all.stream().map(setting -> "--" + setting).toArray(String[]::new));
    awaitCurrent(context);
    return context;
  }

  /** Waits until the application shares what it loads, if it has the layer and a Redis. */
  private static void awaitCurrent(ConfigurableApplicationContext context) {
    LogService log = context.getBeanProvider(LogService.class).getIfAvailable();
    if (log != null && context.getBean(RedisCalls.class).isAvailable()) {
      await().until(log::isCurrent);
    }
  }
}
