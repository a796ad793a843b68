package larder.benchmarks;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import larder.cache.autoconfigure.LayerContext;
import larder.cache.log.service.LogService;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The layer, as an application gets it. */
final class LarderPeer {

  private LarderPeer() {}

  /**
   * Starts it.
   *
   * @param nearSize the most that it keeps in the process
   */
  static Peer start(int port, String nearSize) {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(LayerContext.Only.class, Peer.Cached.class)
            .web(WebApplicationType.NONE)
            .bannerMode(org.springframework.boot.Banner.Mode.OFF)
            .run(
                "--spring.config.location=optional:classpath:/no-such-folder/",
                "--logging.level.root=warn",
                "--spring.application.name=larder",
                "--spring.data.redis.url=redis://127.0.0.1:" + port,
                "--larder.near.max-size=" + nearSize,
                "--larder.remote.deadline=" + System.getProperty(Peer.DEADLINE, "40ms"),
                "--larder.caches.accounts.ttl=" + Peer.TTL);
    LogService log = context.getBean(LogService.class);
    while (!log.isCurrent()) {
      LockSupport.parkNanos(1_000_000);
    }
    return Peer.service(context, List.of());
  }
}
