package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import larder.cache.CachePolicy;
import larder.cache.adviser.Finding.Severity;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

class FieldRulesTests {

  @CachePolicy(caches = "settings", fields = true)
  static class Right {
    @Cacheable("settings")
    public String value(long id, String name) {
      return name + id;
    }

    @CachePut(
        cacheNames = "settings",
        key = "new org.springframework.cache.interceptor.SimpleKey(#id, #name)")
    public String change(long id, String name, String value) {
      return value;
    }

    @Cacheable(cacheNames = "settings", keyGenerator = "own")
    public String generated(long id) {
      return "" + id;
    }

    @CacheEvict(cacheNames = "settings", allEntries = true)
    public void forget() {}

    @Cacheable("others")
    public String other(long id) {
      return "" + id;
    }
  }

  @CachePolicy(caches = "settings", fields = true)
  static class Wrong {
    @Cacheable("settings")
    public String whole(long id) {
      return "" + id;
    }

    @Cacheable("settings")
    public String three(long id, String name, String more) {
      return more;
    }

    @CacheEvict("settings")
    public void none() {}

    @Cacheable(cacheNames = "settings", key = "#id")
    public String named(long id, String name) {
      return name;
    }

    @Cacheable(cacheNames = "settings", key = "{#id, #name}")
    public String list(long id, String name) {
      return name;
    }
  }

  private static List<Finding> findings(Object bean) {
    Declared declared = new Declared(bean);
    List<Finding> found = new ArrayList<>();
    declared
        .methods
        .of(bean.getClass())
        .forEach(
            each ->
                found.addAll(
                    FieldRules.of(each, cache -> declared.policies.policy(cache).fields())));
    return found;
  }

  @Test
  void keysOfTwoPartsAndKeysThatNobodyKnowsAreAccepted() {
    assertThat(findings(new Right())).isEmpty();
  }

  @Test
  void aKeyThatIsSureToBeNoneOfTwoPartsIsToldByTheMethodsName() {
    List<Finding> found = findings(new Wrong());
    assertThat(found)
        .extracting(Finding::subject)
        .containsExactlyInAnyOrder(
            "Wrong.whole", "Wrong.three", "Wrong.none", "Wrong.named", "Wrong.list");
    assertThat(found)
        .allSatisfy(
            one -> {
              assertThat(one.rule()).isEqualTo("no-field");
              assertThat(one.severity()).isEqualTo(Severity.WRONG);
              assertThat(one.line())
                  .contains("not of two parts, while cache 'settings' keeps fields");
            });
  }
}
