package larder.cache.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses whose pages were found of late to be none that can be kept, so that nobody waits
 * there for another's. Thread-safe.
 */
final class NotKeptPages {

  private static final Logger log = LoggerFactory.getLogger(NotKeptPages.class);

  private static final Duration REMEMBERED = Duration.ofSeconds(10);
  private static final int MOST = 10_000;

  private final PageCounts counts;
  private final Cache<String, Boolean> keys =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /**
   * @param counts counts the pages added
   */
  NotKeptPages(PageCounts counts) {
    this.counts = counts;
  }

  boolean contains(String key) {
    return keys.getIfPresent(key) != null;
  }

  /** Adds a page, and tells the developer once of a method that is better not annotated. */
  void add(String key, PageRule rule, NotKept reason) {
    keys.put(key, true);
    counts.foundNotKept(reason);
    if (reason != NotKept.STATUS && said.add(rule.name() + reason)) {
      log.warn("{}: a page of it is not kept, since {}", rule.name(), reason.words());
    }
  }
}
