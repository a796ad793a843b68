package larder.dev.demo;

import larder.monolith.users.Users;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The three broken caches and their traffic, in the profile {@code demo} only. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
public class DemoCaches {

  /** Its time to live is shorter than the time between two calls of a key. */
  public static final String TOO_SHORT = "demo-prices";

  /** Nothing ever ends its values, though the table that they show changes. */
  public static final String NEVER_TOLD = "demo-member-count";

  /** Its values are too large to be kept. */
  public static final String TOO_LARGE = "demo-reports";

  @Bean
  Prices demoPrices() {
    return new Prices();
  }

  @Bean
  MemberCount demoMemberCount(JdbcClient database) {
    return new MemberCount(database);
  }

  @Bean
  Reports demoReports() {
    return new Reports();
  }

  @Bean
  DemoTraffic demoTraffic(
      Prices prices, MemberCount members, Reports reports, Users users, Environment settings) {
    return new DemoTraffic(prices, members, reports, users, anotherProgram(settings));
  }

  private static JdbcClient anotherProgram(Environment settings) {
    return JdbcClient.create(
        new DriverManagerDataSource(
            settings.getRequiredProperty("spring.datasource.url"),
            settings.getRequiredProperty("spring.datasource.username"),
            settings.getRequiredProperty("spring.datasource.password")));
  }
}
