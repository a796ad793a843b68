package larder.cache.autoconfigure;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import larder.cache.CachedCall;
import larder.cache.CachedCallListener;
import larder.cache.log.service.LogService;
import larder.cache.manager.LarderCacheManager;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * What stands beside the annotated services of a test: transactions without a database, a key
 * generator of the application's own, and an account of all cached calls.
 */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
class AnnotatedServices {

  @Bean
  PlatformTransactionManager transactionManager() {
    return new NoDatabase();
  }

  @Bean
  KeyGenerator reversed() {
    return (target, method, params) -> new StringBuilder("" + params[0]).reverse().toString();
  }

  @Bean
  List<CachedCall> calls() {
    return new CopyOnWriteArrayList<>();
  }

  @Bean
  CachedCallListener collector(List<CachedCall> calls) {
    return calls::add;
  }

  /** Returns the cached calls of an application since {@link #startEmpty}. */
  @SuppressWarnings("unchecked")
  static List<CachedCall> calls(ConfigurableApplicationContext context) {
    return (List<CachedCall>) context.getBean("calls");
  }

  /** Has an application forget its caches and its account, and returns when it is current. */
  static void startEmpty(ConfigurableApplicationContext context) {
    context.getBean(LarderCacheManager.class).resetCaches();
    await().until(context.getBean(LogService.class)::isCurrent);
    calls(context).clear();
  }
}
