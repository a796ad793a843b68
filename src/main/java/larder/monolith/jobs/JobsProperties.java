package larder.monolith.jobs;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.scheduling.support.CronExpression;

/**
 * Settings of the monolith's jobs.
 *
 * @param enabled whether this node runs jobs; each runs on one of those that do
 * @param nightly when the nightly job runs, as a cron expression of Spring with seconds, in UTC
 */
@ConfigurationProperties("larder.jobs")
record JobsProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue("0 30 3 * * *") String nightly) {

  JobsProperties {
    if (!CronExpression.isValidExpression(nightly)) {
      throw new IllegalArgumentException(
          "larder.jobs.nightly must be a cron expression such as 0 30 3 * * *, was: " + nightly);
    }
  }
}
