package larder.dev.demo;

import larder.cache.CachePolicy;
import larder.cache.CachePolicy.Tracking;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Broken on purpose: nobody tells this cache that members come and go. */
class MemberCount {

  private final JdbcClient database;

  MemberCount(JdbcClient database) {
    this.database = database;
  }

  @Cacheable(DemoCaches.NEVER_TOLD)
  @CachePolicy(ttl = "12h", tracking = Tracking.OFF)
  public long beginningWith(String letter) {
    return database
        .sql("select count(*) from users where handle like ?")
        .param(letter + "%")
        .query(Long.class)
        .single();
  }
}
