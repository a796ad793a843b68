package larder.monolith.jobs;

import java.time.ZoneOffset;
import larder.monolith.trending.TrendingJob;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.support.CronTrigger;

/** When the jobs run, on each node that runs any; their locks choose one of the nodes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobsProperties.class)
class JobsConfiguration {

  private static final String EVERY_MINUTE = "0 * * * * *";

  /** The schedule. */
  @Configuration(proxyBeanMethods = false)
  @EnableScheduling
  @ConditionalOnProperty(name = "larder.jobs.enabled", matchIfMissing = true)
  static class Schedule implements SchedulingConfigurer {

    private final JobsProperties properties;
    private final Housekeeping housekeeping;
    private final TrendingJob trending;

    Schedule(JobsProperties properties, Housekeeping housekeeping, TrendingJob trending) {
      this.properties = properties;
      this.housekeeping = housekeeping;
      this.trending = trending;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar tasks) {
      tasks.addTriggerTask(trending::run, new CronTrigger(EVERY_MINUTE, ZoneOffset.UTC));
      tasks.addTriggerTask(
          () -> housekeeping.run(null), new CronTrigger(properties.nightly(), ZoneOffset.UTC));
    }
  }
}
