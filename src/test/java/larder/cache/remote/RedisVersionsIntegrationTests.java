package larder.cache.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import larder.cache.policy.RaisedVersions;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.redis.RedisCalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

class RedisVersionsIntegrationTests {

  private static final String KEY = "{app}:log:versions";

  private static RedisServer redis;
  private static RedissonClient client;
  private static RedisCalls calls;

  private final RaisedVersions here = new RaisedVersions();
  private final RaisedVersions there = new RaisedVersions();

  @BeforeAll
  static void connect() {
    redis = TestServers.separateRedis();
    Config config = new Config();
    config.useSingleServer().setAddress(redis.url()).setConnectionMinimumIdleSize(1);
    client = Redisson.create(config);
    Duration patient = Duration.ofSeconds(5);
    calls = new RedisCalls(client, "app:probe", patient, Duration.ofMillis(100), patient);
    calls.start();
  }

  @AfterAll
  static void disconnect() {
    calls.close();
    client.shutdown();
    redis.close();
  }

  private static RedisVersions versions(RaisedVersions raised) {
    return new RedisVersions(calls, KEY, raised, () -> Set.of("users", "pages"));
  }

  @Test
  void whatOneNodeRaisesIsRaisedOnAllThatLook() {
    assertThat(versions(here).raise("users", 5)).isTrue();
    assertThat(here.of("users")).isEqualTo(5);
    assertThat(there.of("users")).isZero();
    versions(there).look();
    assertThat(there.of("users")).isEqualTo(5);
    assertThat(there.of("pages")).isZero();
  }

  @Test
  void whatIsNoVersionIsPassedOverAndNoVersionFalls() {
    here.raise("users", 7);
    redis.command("HSET", KEY, "users", "3", "pages", "-1 or 9999999999");
    versions(here).look();
    assertThat(here.of("users")).isEqualTo(7);
    assertThat(here.of("pages")).isZero();
  }

  @Test
  void withoutRedisNothingIsRaised() {
    try (RedisCalls closed =
        new RedisCalls(
            client, "app:probe", Duration.ofMillis(50), Duration.ofHours(1), Duration.ZERO)) {
      RedisVersions away = new RedisVersions(closed, KEY, here, () -> Set.of("users"));
      assertThat(away.raise("users", 9)).isFalse();
      away.look();
      assertThat(here.of("users")).isZero();
    }
  }
}
