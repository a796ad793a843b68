package larder.cache.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import larder.cache.Encoding;
import larder.cache.LarderProperties;
import larder.cache.value.ValueCodec;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PolicyTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void shortensTheTimeToLiveByUpToTheJitter() {
    Policy policy = new Policy("users", Duration.ofSeconds(100), MINUTE, 0.2, 1, true);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 5_000; i++) {
      long millis = policy.timeToLive(true).toMillis();
      least = Math.min(least, millis);
      most = Math.max(most, millis);
    }
    assertThat(least).isBetween(80_000L, 81_000L);
    assertThat(most).isBetween(99_000L, 100_000L);
  }

  @Test
  void keepsTheTimeToLiveWithoutJitter() {
    Policy policy = new Policy("users", MINUTE, Duration.ofSeconds(5), 0, 1, true);

    assertThat(policy.timeToLive(true)).isEqualTo(MINUTE);
    assertThat(policy.timeToLive(false)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void neverShortensToNothing() {
    Policy policy = new Policy("users", Duration.ofMillis(1), Duration.ofMillis(1), 0.9, 1, true);

    for (int i = 0; i < 1_000; i++) {
      assertThat(policy.timeToLive(true)).isPositive();
      assertThat(policy.timeToLive(false)).isPositive();
    }
  }

  @Test
  void keepsNoNotFoundAnswerForZero() {
    Policy policy = new Policy("users", MINUTE, Duration.ZERO, 0.1, 1, true);

    assertThat(policy.timeToLive(false)).isZero();
  }

  @Test
  void refusesATimeToLiveOfNothing() {
    refuses(
        () -> new Policy("users", Duration.ZERO, MINUTE, 0, 1, true),
        "Cache 'users': ttl must be at least 1ms, was: PT0S",
        "Change ttl in larder.caches.users.ttl, in larder.defaults, or in its @CachePolicy.");
    refuses(
        () -> new Policy("users", Duration.ofNanos(999_999), MINUTE, 0, 1, true),
        "Cache 'users': ttl must be at least 1ms, was: PT0.000999999S",
        "Change ttl in larder.caches.users.ttl, in larder.defaults, or in its @CachePolicy.");
  }

  @Test
  void refusesANegativeNotFoundTtl() {
    refuses(
        () -> new Policy("users", MINUTE, Duration.ofSeconds(-1), 0, 1, true),
        "Cache 'users': not-found-ttl must be zero or positive, was: PT-1S",
        "Change not-found-ttl in larder.caches.users.not-found-ttl, in larder.defaults, or in its"
            + " @CachePolicy.");
  }

  @Test
  void refusesAJitterOutOfRange() {
    for (double jitter : new double[] {-0.1, 0.91, 1, Double.NaN, Double.POSITIVE_INFINITY}) {
      refuses(
          () -> new Policy("users", MINUTE, MINUTE, jitter, 1, true),
          "Cache 'users': jitter must be from 0 to 0.9, was: " + jitter,
          "Change jitter in larder.caches.users.jitter, in larder.defaults, or in its"
              + " @CachePolicy.");
    }
  }

  @Test
  void refusesAVersionBelowOne() {
    refuses(
        () -> new Policy("users", MINUTE, MINUTE, 0, 0, true),
        "Cache 'users': version must be at least 1, was: 0",
        "Change version in larder.caches.users.version, in larder.defaults, or in its"
            + " @CachePolicy.");
  }

  /** A time to live that Redis could not count in milliseconds is refused by a word, too. */
  @Test
  void refusesATimeToLiveBeyondAllTime() {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(
            () -> new Policy("users", Duration.ofSeconds(Long.MAX_VALUE), MINUTE, 0, 1, true))
        .withMessageContaining("ttl");
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(
            () -> new Policy("users", MINUTE, Duration.ofSeconds(Long.MAX_VALUE), 0, 1, true))
        .withMessageContaining("not-found-ttl");
  }

  @Test
  void refusesFieldsWhoseLifeReadsWouldProlong() {
    Policy.Renewal slides = new Policy.Renewal(Duration.ofHours(2), 0, Duration.ZERO);
    refuses(
        () ->
            new Policy(
                "users",
                MINUTE,
                MINUTE,
                0,
                1,
                true,
                slides,
                /* tracking= */ true,
                /* sensitive= */ false,
                /* fields= */ true,
                Policy.Storing.DEFAULT),
        "Cache 'users': max-life must be 0s where fields is true, since a read cannot prolong the"
            + " life of one field alone, was: PT2H",
        "Change max-life in larder.caches.users.max-life, in larder.defaults, or in its"
            + " @CachePolicy.");
  }

  @Test
  void refusesANegativeSize() {
    refuses(
        () ->
            new Policy(
                "users",
                MINUTE,
                MINUTE,
                0,
                1,
                true,
                Policy.Renewal.DEFAULT,
                /* tracking= */ true,
                /* sensitive= */ false,
                /* fields= */ false,
                new Policy.Storing(Encoding.JSON, -1)),
        "Cache 'users': compress-above must be zero or positive, was: -1B",
        "Change compress-above in larder.caches.users.compress-above, in larder.defaults, or in its"
            + " @CachePolicy.");
  }

  /** An application without the library, which asks for what needs it. */
  @Test
  void refusesAnEncodingWhoseLibraryIsMissing() throws Exception {
    ClassLoader without = new Without("tools.jackson.dataformat.");
    Class<?> catalog = without.loadClass(AskingForSmile.class.getName());
    Object message = catalog.getDeclaredMethod("message").invoke(null);

    assertThat(message)
        .isEqualTo(
            "Cache 'users': encoding must be one whose library is on the class path, as"
                + " tools.jackson.dataformat:jackson-dataformat-smile is that of SMILE, was: SMILE");
    assertThat(AskingForSmile.message()).isEmpty();
  }

  /** Loaded where the library is missing. */
  public static final class AskingForSmile {

    private AskingForSmile() {}

    /** Returns why it is refused; empty if it is not. Other encodings work in any case. */
    public static String message() {
      new ValueCodec(1_000);
      try {
        PolicyCatalog catalog =
            new PolicyCatalog(
                new Binder(
                        new MapConfigurationPropertySource(
                            Map.of("larder.caches.users.encoding", "smile")))
                    .bindOrCreate("larder", LarderProperties.class),
                new DeclaredPolicies(),
                new RaisedVersions());
        catalog.check();
        return "";
      } catch (InvalidPolicyException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  /** Loads the layer's classes anew, as if a library were missing. */
  private static final class Without extends ClassLoader {
    private final String library;

    Without(String library) {
      super(PolicyTests.class.getClassLoader());
      this.library = library;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(library)) {
        throw new ClassNotFoundException(name);
      } else if (!name.startsWith("larder.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : own(name);
      }
    }

    private Class<?> own(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static void refuses(Runnable creation, String message, String remedy) {
    assertThatExceptionOfType(InvalidPolicyException.class)
        .isThrownBy(creation::run)
        .withMessage(message)
        .returns(remedy, InvalidPolicyException::remedy);
  }
}
