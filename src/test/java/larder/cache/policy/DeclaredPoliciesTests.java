package larder.cache.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Method;
import java.util.Set;
import larder.cache.CachePolicy;
import larder.cache.Encoding;
import org.junit.jupiter.api.Test;

class DeclaredPoliciesTests {

  @CachePolicy(ttl = "5m")
  static class ForAll {}

  @CachePolicy(caches = "users", ttl = "1h")
  @CachePolicy(
      caches = {"roles", "rights"},
      version = 3)
  static class Named {

    @CachePolicy(ttl = "7m")
    void method() {}
  }

  @CachePolicy(caches = "users", ttl = "2h")
  static class OtherNamed {}

  @CachePolicy(caches = "users", ttl = "1h")
  static class SameNamed {}

  @CachePolicy(caches = "users", ttl = "soon")
  static class Unreadable {}

  @CachePolicy(caches = "users", notFoundTtl = "1 fortnight")
  static class UnreadableNotFound {}

  @CachePolicy(caches = "users", compressAbove = "much")
  static class UnreadableSize {}

  @CachePolicy(
      caches = "users",
      encoding = {Encoding.JSON, Encoding.SMILE})
  static class TwoEncodings {}

  @CachePolicy(caches = "users", encoding = Encoding.JSON)
  static class InJson {}

  @CachePolicy(caches = "users", encoding = Encoding.SMILE)
  static class InSmile {}

  interface Declaring {
    @CachePolicy(ttl = "9m")
    void find();
  }

  static class Implementing implements Declaring {
    @Override
    public void find() {}
  }

  @CachePolicy(ttl = "1h")
  static class General {}

  @CachePolicy(ttl = "5m")
  static class Special extends General {}

  private final DeclaredPolicies policies = new DeclaredPolicies();

  @Test
  void aClassSpeaksOfTheCachesItsMethodsName() {
    policies.add(ForAll.class, Set.of("users", "roles"));

    assertThat(ttl("users")).isEqualTo("5m");
    assertThat(ttl("roles")).isEqualTo("5m");
    assertThat(policies.find("rights")).isNull();
  }

  @Test
  void aNamedPolicySpeaksOfItsCachesOnly() {
    policies.add(Named.class, Set.of("others"));

    assertThat(ttl("users")).isEqualTo("1h");
    assertThat(policies.find("roles")).returns(3, policy -> policy == null ? 0 : policy.version());
    assertThat(policies.find("rights")).isSameAs(policies.find("roles"));
    assertThat(policies.find("others")).isNull();
  }

  @Test
  void aNamedPolicyBeatsOneOfTheClassInEitherOrder() {
    policies.add(ForAll.class, Set.of("users"));
    policies.add(Named.class, Set.of());
    assertThat(ttl("users")).isEqualTo("1h");
    policies.add(ForAll.class, Set.of("users"));
    assertThat(ttl("users")).isEqualTo("1h");
  }

  @Test
  void aPolicyOfAMethodBeatsOneOfTheClass() throws NoSuchMethodException {
    policies.add(ForAll.class, Set.of("things"));
    policies.add(Named.class.getDeclaredMethod("method"), Set.of("things"));

    assertThat(ttl("things")).isEqualTo("7m");
  }

  @Test
  void twoDifferentPoliciesOfOneCacheAreRefused() {
    policies.add(Named.class, Set.of());

    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(OtherNamed.class, Set.of()))
        .withMessage(
            "Cache 'users' has two different @CachePolicy annotations: on class "
                + Named.class.getName()
                + " and on class "
                + OtherNamed.class.getName())
        .returns("Keep one of them, or make them equal.", InvalidPolicyException::remedy);
  }

  @Test
  void twoEqualPoliciesOfOneCacheAreAccepted() {
    policies.add(Named.class, Set.of());
    policies.add(SameNamed.class, Set.of());

    assertThat(ttl("users")).isEqualTo("1h");
  }

  @Test
  void aDurationThatCannotBeReadIsRefused() {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(Unreadable.class, Set.of()))
        .withMessage("Cache 'users': ttl of its @CachePolicy must be a duration, was: \"soon\"")
        .returns("Write it like 90s, 5m, 1h or PT1H.", InvalidPolicyException::remedy);
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(UnreadableNotFound.class, Set.of()))
        .withMessageContaining("notFoundTtl");
  }

  @Test
  void aSizeThatCannotBeReadIsRefused() {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(UnreadableSize.class, Set.of()))
        .withMessage(
            "Cache 'users': compressAbove of its @CachePolicy must be a size, was: \"much\"")
        .returns("Write it like 512B, 4KB or 1MB.", InvalidPolicyException::remedy);
  }

  @Test
  void twoEncodingsOfOneCacheAreRefused() {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(TwoEncodings.class, Set.of()))
        .withMessage("Cache 'users': encoding of its @CachePolicy must be one, was: [JSON, SMILE]");
    policies.add(InJson.class, Set.of());
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(InSmile.class, Set.of()))
        .withMessageContaining("two different @CachePolicy");
  }

  @Test
  void aPolicyOfNoCacheIsRefused() {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(() -> policies.add(ForAll.class, Set.of()))
        .withMessage(
            "@CachePolicy on class "
                + ForAll.class.getName()
                + " names no cache, and no cache annotation there does")
        .returns(
            "Name the caches: @CachePolicy(caches = \"...\").", InvalidPolicyException::remedy);
  }

  @Test
  void aPolicyOnAnInterfacesMethodCounts() throws NoSuchMethodException {
    Method method = Implementing.class.getMethod("find");
    policies.add(method, Set.of("things"));

    assertThat(ttl("things")).isEqualTo("9m");
  }

  @Test
  void theNearestPolicyOfAHierarchyCounts() {
    policies.add(Special.class, Set.of("things"));

    assertThat(ttl("things")).isEqualTo("5m");
  }

  private String ttl(String cache) {
    CachePolicy policy = policies.find(cache);
    return policy == null ? "none" : policy.ttl();
  }
}
