package larder.cache.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import larder.cache.CachePolicy;
import larder.cache.Encoding;
import larder.cache.LarderProperties;
import larder.cache.policy.PolicyPart.Source;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PolicyCatalogTests {

  @CachePolicy(caches = "users", ttl = "5m", notFoundTtl = "0s", jitter = 0.5, version = 4)
  static class Full {}

  @CachePolicy(caches = "users", ttl = "5m")
  static class Partial {}

  @CachePolicy(caches = "users", jitter = 1.5)
  static class OutOfRange {}

  @CachePolicy(caches = "users", jitter = 0)
  static class WithoutJitter {}

  private final RaisedVersions raised = new RaisedVersions();

  @Test
  void aRaisedVersionWinsWhileItIsTheHigher() {
    PolicyCatalog catalog = catalog(Map.of("larder.caches.users.version", "5"));
    assertThat(catalog.policy("users").version()).isEqualTo(5);
    raised.raise("users", 4);
    assertThat(catalog.policy("users").version()).isEqualTo(5);
    raised.raise("users", 7);
    raised.raise("users", 6);
    assertThat(catalog.policy("users").version()).isEqualTo(7);
    assertThat(catalog.policy("pages").version()).isEqualTo(1);
    assertThat(catalog.parts("users"))
        .contains(new PolicyPart("version", 7, PolicyPart.Source.RAISED, ""));
  }

  @Test
  void everyCacheHasTheDefaults() {
    assertThat(catalog(Map.of()).policy("anything"))
        .isEqualTo(
            new Policy("anything", Duration.ofHours(1), Duration.ofMinutes(1), 0.1, 1, true));
  }

  @Test
  void settingsOfTheDefaultsHoldForEveryCache() {
    Map<String, String> set =
        Map.of(
            "larder.defaults.ttl", "9s",
            "larder.defaults.not-found-ttl", "0s",
            "larder.defaults.jitter", "0",
            "larder.defaults.version", "7");

    assertThat(catalog(set).policy("x"))
        .isEqualTo(new Policy("x", Duration.ofSeconds(9), Duration.ZERO, 0, 7, true));
  }

  @Test
  void anAnnotationWinsOverTheDefaults() {
    assertThat(catalog(Map.of(), Full.class).policy("users"))
        .isEqualTo(new Policy("users", Duration.ofMinutes(5), Duration.ZERO, 0.5, 4, true));
  }

  @Test
  void whatAnAnnotationLeavesOutFallsThrough() {
    assertThat(catalog(Map.of("larder.defaults.version", "7"), Partial.class).policy("users"))
        .isEqualTo(new Policy("users", Duration.ofMinutes(5), Duration.ofMinutes(1), 0.1, 7, true));
    assertThat(catalog(Map.of(), WithoutJitter.class).policy("users").jitter()).isZero();
  }

  @Test
  void eachPartTellsWhereItWasSaid() {
    var parts = catalog(Map.of("larder.caches.USERS.version", "9"), Partial.class).parts("users");

    assertThat(parts)
        .contains(
            new PolicyPart(
                "ttl", Duration.ofMinutes(5), Source.ANNOTATION, "@CachePolicy on Partial"),
            new PolicyPart("version", 9, Source.SETTING, "larder.caches.USERS.version"),
            new PolicyPart(
                "not-found-ttl",
                Duration.ofMinutes(1),
                Source.DEFAULT,
                "larder.defaults.not-found-ttl"))
        .hasSize(LarderProperties.Settings.class.getRecordComponents().length);
  }

  @Test
  void settingsWinOverTheAnnotation() {
    Map<String, String> set =
        Map.of(
            "larder.caches.users.ttl", "1s",
            "larder.caches.users.not-found-ttl", "2s",
            "larder.caches.users.jitter", "0.3",
            "larder.caches.users.version", "9",
            "larder.caches.users.enabled", "false");

    assertThat(catalog(set, Full.class).policy("users"))
        .isEqualTo(
            new Policy("users", Duration.ofSeconds(1), Duration.ofSeconds(2), 0.3, 9, false));
    assertThat(catalog(set, Full.class).policy("others").enabled()).isTrue();
  }

  @CachePolicy(caches = "users", encoding = Encoding.SMILE, compressAbove = "1KB")
  static class Packed {}

  @Test
  void theWayOfStoringIsSaidLikeAllElse() {
    assertThat(catalog(Map.of(), Packed.class).policy("users").storing())
        .isEqualTo(new Policy.Storing(Encoding.SMILE, 1024));
    Map<String, String> set =
        Map.of(
            "larder.caches.users.encoding", "json",
            "larder.defaults.encoding", "smile",
            "larder.defaults.compress-above", "0B");
    assertThat(catalog(set, Packed.class).policy("users").storing())
        .isEqualTo(new Policy.Storing(Encoding.JSON, 1024));
    assertThat(catalog(set, Packed.class).policy("others").storing())
        .isEqualTo(new Policy.Storing(Encoding.SMILE, 0));
  }

  @Test
  void anyPartMayBeSetAlone() {
    assertThat(catalog(Map.of("larder.caches.users.version", "9"), Full.class).policy("users"))
        .isEqualTo(new Policy("users", Duration.ofMinutes(5), Duration.ZERO, 0.5, 9, true));
  }

  @Test
  void aNameIsFoundHoweverItIsWritten() {
    assertThat(ttl("larder.caches.users-by-handle.ttl", "users-by-handle")).isEqualTo("PT1S");
    assertThat(ttl("larder.caches.usersbyhandle.ttl", "users-by-handle")).isEqualTo("PT1S");
    assertThat(ttl("larder.caches.users-by-handle.ttl", "usersByHandle")).isEqualTo("PT1S");
    assertThat(ttl("larder.caches[users:by.handle].ttl", "users:by.handle")).isEqualTo("PT1S");
    assertThat(ttl("larder.caches.users.ttl", "users2")).isEqualTo("PT1H");
  }

  @Test
  void anExactNameWinsOverASimilarOne() {
    Map<String, String> set =
        Map.of("larder.caches.users-all.ttl", "1s", "larder.caches[usersAll].ttl", "2s");

    assertThat(catalog(set).policy("usersAll").ttl()).hasSeconds(2);
    assertThat(catalog(set).policy("users-all").ttl()).hasSeconds(1);
  }

  @Test
  void namesWithoutLatinLettersAreToldApart() {
    assertThat(ttl("larder.caches[日本].ttl", "日本")).isEqualTo("PT1S");
    assertThat(ttl("larder.caches[日本].ttl", "中国")).isEqualTo("PT1H");
  }

  @Test
  void aValueOutOfRangeIsRefused() {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> catalog(Map.of("larder.caches.users.ttl", "-5s")).policy("users"))
        .withMessage("Cache 'users': ttl must be at least 1ms, was: PT-5S");
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> catalog(Map.of(), OutOfRange.class).policy("users"))
        .withMessage("Cache 'users': jitter must be from 0 to 0.9, was: 1.5");
  }

  @Test
  void tellsWhichSettingsMeanNoCache() {
    Map<String, String> set =
        Map.of("larder.caches.users-all.ttl", "1s", "larder.caches.ghost.ttl", "2s");

    assertThat(catalog(set).settingsWithoutCache(Set.of("usersAll", "roles")))
        .containsExactly("ghost");
  }

  private String ttl(String setting, String cache) {
    return catalog(Map.of(setting, "1s")).policy(cache).ttl().toString();
  }

  private PolicyCatalog catalog(Map<String, String> settings, Class<?>... annotated) {
    DeclaredPolicies declared = new DeclaredPolicies();
    for (Class<?> type : annotated) {
      declared.add(type, Set.of());
    }
    LarderProperties properties =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("larder", LarderProperties.class);
    return new PolicyCatalog(properties, declared, raised);
  }
}
