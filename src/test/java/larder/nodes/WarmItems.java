package larder.nodes;

import java.time.Duration;
import larder.cache.CachePolicy;
import larder.cache.near.NearCache;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

/** A service whose calls are remembered. */
@Service
class WarmItems {

  private final JdbcTemplate jdbc;
  private final Hooks hooks;
  private final NearCache near;
  private final Duration pause;
  private volatile long entriesWhenReady = -1;

  WarmItems(
      JdbcTemplate jdbc, Hooks hooks, NearCache near, @Value("${test.pause:0s}") Duration pause) {
    this.jdbc = jdbc;
    this.hooks = hooks;
    this.near = near;
    this.pause = pause;
  }

  @EventListener
  void ready(AvailabilityChangeEvent<ReadinessState> event) {
    if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
      entriesWhenReady = near.size();
    }
  }

  /** Returns how many entries the process held as it became ready. */
  long entriesWhenReady() {
    return entriesWhenReady;
  }

  @Cacheable("warm")
  public Item find(long id) {
    return row(id);
  }

  @Cacheable(cacheNames = "by-text", sync = true)
  public Item byText(String text) {
    return row(Long.parseLong(text.substring(1)));
  }

  @Cacheable("slow")
  public Item slow(long id) throws InterruptedException {
    hooks.read("begun");
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      hooks.read("interrupted");
      throw e;
    }
    return row(id);
  }

  @Cacheable("secret")
  @CachePolicy(sensitive = true)
  public String secret(String email) {
    return "secret of " + email;
  }

  @Cacheable("off")
  public Item off(long id) {
    return row(id);
  }

  @CachePut(cacheNames = "warm", key = "#id")
  public Item renew(long id) {
    return row(id);
  }

  private Item row(long id) {
    Item found =
        jdbc.queryForObject(
            "select id, text from item where id = ?",
            (row, number) -> new Item(row.getLong(1), row.getString(2)),
            id);
    hooks.read(id);
    return found;
  }
}
