package larder.redis.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;

class LarderRedissonAutoConfigurationTests {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Config config = new Config();

  private void customize() {
    new LarderRedissonAutoConfiguration().larderConnection().customize(config);
  }

  private static Duration delayAfterManyTries(BaseConfig<?> servers) {
    return servers.getReconnectionDelay().calcDelay(30);
  }

  @Test
  void connectsWhenFirstUsed() {
    config.useSingleServer();
    customize();
    assertThat(config.isLazyInitialization()).isTrue();
  }

  @Test
  void triesALostConnectionSoonHoweverLongTheOutage() {
    config.useSingleServer();
    customize();
    assertThat(delayAfterManyTries(config.useSingleServer())).isLessThanOrEqualTo(LONGEST);
  }

  @Test
  void triesTheServersOfSentinelsAndClustersSoon() {
    config.useSentinelServers();
    customize();
    assertThat(delayAfterManyTries(config.useSentinelServers())).isLessThanOrEqualTo(LONGEST);
    Config cluster = new Config();
    cluster.useClusterServers();
    new LarderRedissonAutoConfiguration().larderConnection().customize(cluster);
    assertThat(delayAfterManyTries(cluster.useClusterServers())).isLessThanOrEqualTo(LONGEST);
  }

  @Test
  void leavesAnotherRuleOfTheApplication() {
    config.useSingleServer().setReconnectionDelay(new ConstantDelay(Duration.ofSeconds(7)));
    customize();
    assertThat(delayAfterManyTries(config.useSingleServer())).isEqualTo(Duration.ofSeconds(7));
  }
}
