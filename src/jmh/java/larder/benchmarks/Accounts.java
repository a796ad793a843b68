package larder.benchmarks;

import java.util.concurrent.atomic.LongAdder;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

/** The annotated service that every benchmark calls, whatever caches it. */
public class Accounts {

  /** The cache's name. */
  public static final String CACHE = "accounts";

  private final LongAdder loads = new LongAdder();
  private final int more;

  /**
   * @param more how much longer than usual each account is, in characters
   */
  Accounts(int more) {
    this.more = more;
  }

  /** Returns an account. */
  @Cacheable(CACHE)
  public Account find(long id) {
    loads.increment();
    return Account.of(id, more);
  }

  /** Forgets all accounts. */
  @CacheEvict(cacheNames = CACHE, allEntries = true)
  public void clear() {}

  /** Returns how often an account was made. */
  public long loads() {
    return loads.sum();
  }
}
