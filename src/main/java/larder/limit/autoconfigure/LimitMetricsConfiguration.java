package larder.limit.autoconfigure;

import larder.limit.LimitCatalog;
import larder.limit.LimitCounts;
import larder.limit.metrics.LimitMetrics;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The meters, for an application that has Micrometer. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
class LimitMetricsConfiguration {

  @Bean
  LimitMetrics larderLimitMetrics(LimitCatalog catalog, LimitCounts counts) {
    return new LimitMetrics(catalog, counts);
  }
}
