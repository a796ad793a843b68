package larder.cache.manager;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larder.cache.LarderProperties;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.policy.PolicyCatalog;
import larder.cache.remote.RemoteStore;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueCodec;
import larder.cache.value.ValueTypes;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A layer of its own on a Redis server, as an application without Spring's context would put it
 * together.
 */
final class Layer implements AutoCloseable {

  private final RedissonClient redisson;
  final RemoteStore store;
  final LarderCacheManager manager;

  /**
   * @param url where Redis is or will be
   * @param application first part of every key
   * @param settings settings by name
   */
  Layer(String url, String application, Map<String, String> settings) {
    Config config = new Config();
    config.setLazyInitialization(true);
    config.useSingleServer().setAddress(url).setConnectionMinimumIdleSize(1);
    redisson = Redisson.create(config);
    Map<String, String> all = new HashMap<>(Map.of("larder.remote.deadline", "2s"));
    all.putAll(settings);
    LarderProperties properties =
        new Binder(new MapConfigurationPropertySource(all))
            .bindOrCreate("larder", LarderProperties.class);
    JsonMapper mapper = FieldMapper.create();
    store =
        new RemoteStore(
            redisson,
            LarderCacheManager.prefix(application),
            properties.remote().deadline(),
            properties.remote().probeInterval(),
            properties.remote().connectWait());
    manager =
        new LarderCacheManager(
            application,
            new PolicyCatalog(properties, new DeclaredPolicies()),
            store,
            new ValueCodec(mapper, (int) properties.remote().maxValueSize().toBytes()),
            new ValueTypes(mapper.getTypeFactory()),
            cache -> List.of());
    store.start();
  }

  @Override
  public void close() {
    store.close();
    redisson.shutdown(0, 2, java.util.concurrent.TimeUnit.SECONDS);
  }
}
