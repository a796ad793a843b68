package larder.topologies;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import larder.cache.BulkCacheable;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

/** The annotated service of a node. */
class Shop {

  private final String node;
  private final Prices prices;

  Shop(String node, Prices prices) {
    this.node = node;
    this.prices = prices;
  }

  /** The price of an item, as the version of it that was read. */
  record Price(String item, int version) {}

  @Cacheable("prices")
  public Price price(String item) {
    return new Price(item, prices.read(node, item));
  }

  @BulkCacheable("prices")
  public Map<String, Price> prices(Collection<String> items) {
    return items.stream()
        .collect(Collectors.toMap(item -> item, item -> new Price(item, prices.read(node, item))));
  }

  @CacheEvict("prices")
  public int change(String item) {
    return prices.change(item);
  }

  @CacheEvict(cacheNames = "prices", allEntries = true)
  public void forgetAll() {}
}
