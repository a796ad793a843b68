package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import larder.cache.CachePolicy;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

class PolicyRulesTests {

  record Item(long id) {}

  @CachePolicy(ttl = "1h")
  static class Said {
    @Cacheable("items")
    public Optional<Item> find(long id) {
      return Optional.empty();
    }

    @CachePut("items")
    public Item save(long id) {
      return new Item(id);
    }
  }

  static class Unsaid {
    @Cacheable("things")
    public Item thing(long id) {
      return new Item(id);
    }

    @CacheEvict("only-evicted")
    public void forget(long id) {}
  }

  @CachePolicy(ttl = "1h")
  static class Mixed {
    @Cacheable("mixed")
    public Item item(long id) {
      return new Item(id);
    }

    @Cacheable("mixed")
    public String name(long id) {
      return "x";
    }
  }

  @Test
  void findsNothingWhereAllIsSaid() {
    assertThat(found(new Declared(new Said()), false)).isEmpty();
  }

  @Test
  void findsCachesWithoutATimeToLive() {
    assertThat(found(new Declared(new Unsaid()), false))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.caches()).containsExactly("things");
              assertThat(finding.line())
                  .startsWith(
                      "larder.defaults.ttl is not set, and its 1h holds for the caches that say no"
                          + " time to live of their own: things; set it, or");
            });
  }

  @Test
  void aTimeThatTheApplicationChoseIsEnough() {
    assertThat(found(new Declared(new Unsaid()), true)).isEmpty();
    assertThat(found(new Declared(Map.of("larder.caches.things.ttl", "5m"), new Unsaid()), false))
        .isEmpty();
  }

  @Test
  void findsTimesThatAreTooLong() {
    assertThat(found(new Declared(Map.of("larder.caches.items.ttl", "31d"), new Said()), false))
        .extracting(Finding::line)
        .containsExactly(
            "Cache 'items' has a ttl of 31d: entries that nobody asks for any more take room until"
                + " then; larder.caches.items.ttl=30d");
    assertThat(
            found(new Declared(Map.of("larder.caches.items.max-life", "60d"), new Said()), false))
        .extracting(Finding::remedy)
        .containsExactly("larder.caches.items.max-life=30d");
    assertThat(found(new Declared(Map.of("larder.caches.items.ttl", "30d"), new Said()), false))
        .isEmpty();
  }

  @Test
  void findsMethodsOfDifferentTypes() {
    assertThat(found(new Declared(new Mixed()), false))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("mixed-types");
              assertThat(finding.subject()).isEqualTo("mixed");
              assertThat(finding.reason())
                  .contains("2 types, java.lang.String and " + Item.class.getName());
            });
  }

  @Test
  void aCacheThatIsSwitchedOffIsLeftAlone() {
    assertThat(
            found(new Declared(Map.of("larder.caches.mixed.enabled", "false"), new Mixed()), false))
        .isEmpty();
  }

  private static List<Finding> found(Declared declared, boolean defaultTtlSet) {
    return new PolicyRules(declared.policies, declared.methods, defaultTtlSet).findings();
  }
}
