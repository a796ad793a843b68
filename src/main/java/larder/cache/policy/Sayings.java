package larder.cache.policy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import larder.cache.CachePolicy;
import larder.cache.Encoding;
import larder.cache.LarderProperties.Defaults;
import larder.cache.LarderProperties.Settings;
import larder.cache.policy.Policy.Renewal;
import larder.cache.policy.Policy.Storing;
import larder.cache.policy.PolicyPart.Source;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * All that is said of one cache, in the order in which it counts: its own settings, an annotation,
 * the defaults.
 *
 * @param set the settings
 * @param settings the name under which they stand
 * @param said the annotation; null if there is none
 * @param where the class or method that carries it
 * @param raised the version to which the cache was raised while the application runs; 0 if it was
 *     not
 */
record Sayings(
    String cache,
    Settings set,
    String settings,
    @Nullable CachePolicy said,
    String where,
    Defaults defaults,
    int raised) {

  /** What has a default that no setting changes. */
  private static final Set<String> OF_ITSELF = Set.of("enabled", "fields");

  /** One part: what each place says of it, null if nothing. */
  private record Part<T>(
      String name, @Nullable T set, @Nullable T said, T otherwise, @Nullable T raised) {

    Part(String name, @Nullable T set, @Nullable T said, T otherwise) {
      this(name, set, said, otherwise, null);
    }

    T value() {
      return raised != null ? raised : set != null ? set : said != null ? said : otherwise;
    }

    Source source() {
      return raised != null
          ? Source.RAISED
          : set != null ? Source.SETTING : said != null ? Source.ANNOTATION : Source.DEFAULT;
    }
  }

  Policy policy() {
    return new Policy(
        cache,
        ttl().value(),
        notFoundTtl().value(),
        jitter().value(),
        version().value(),
        enabled().value(),
        new Renewal(maxLife().value(), earlyRefresh().value(), staleOnError().value()),
        tracking().value(),
        sensitive().value(),
        fields().value(),
        new Storing(encoding().value(), compressAbove().value().toBytes()));
  }

  List<PolicyPart> parts() {
    return List.of(
            ttl(),
            notFoundTtl(),
            maxLife(),
            staleOnError(),
            jitter(),
            earlyRefresh(),
            version(),
            tracking(),
            sensitive(),
            fields(),
            encoding(),
            compressAbove(),
            enabled())
        .stream()
        .map(this::told)
        .toList();
  }

  private PolicyPart told(Part<?> part) {
    String place =
        switch (part.source()) {
          case RAISED -> "";
          case SETTING -> "larder.caches." + settings + "." + part.name();
          case ANNOTATION -> "@CachePolicy on " + where;
          case DEFAULT -> OF_ITSELF.contains(part.name()) ? "" : "larder.defaults." + part.name();
        };
    return new PolicyPart(part.name(), part.value(), part.source(), place);
  }

  private Part<Duration> ttl() {
    Duration annotated = said == null ? null : duration("ttl", said.ttl());
    return new Part<>("ttl", set.ttl(), annotated, defaults.ttl());
  }

  private Part<Duration> notFoundTtl() {
    Duration annotated = said == null ? null : duration("notFoundTtl", said.notFoundTtl());
    return new Part<>("not-found-ttl", set.notFoundTtl(), annotated, defaults.notFoundTtl());
  }

  private Part<Double> jitter() {
    Double annotated = said == null || said.jitter() < 0 ? null : said.jitter();
    return new Part<>("jitter", set.jitter(), annotated, defaults.jitter());
  }

  private Part<Integer> version() {
    Integer annotated = said == null || said.version() == 0 ? null : said.version();
    Part<Integer> part = new Part<>("version", set.version(), annotated, defaults.version());
    return raised == 0 || raised <= part.value()
        ? part
        : new Part<>("version", set.version(), annotated, defaults.version(), raised);
  }

  private Part<Boolean> enabled() {
    return new Part<>("enabled", set.enabled(), null, true);
  }

  private Part<Duration> maxLife() {
    Duration annotated = said == null ? null : duration("maxLife", said.maxLife());
    return new Part<>("max-life", set.maxLife(), annotated, defaults.maxLife());
  }

  private Part<Double> earlyRefresh() {
    Double annotated = said == null || said.earlyRefresh() < 0 ? null : said.earlyRefresh();
    return new Part<>("early-refresh", set.earlyRefresh(), annotated, defaults.earlyRefresh());
  }

  private Part<Duration> staleOnError() {
    Duration annotated = said == null ? null : duration("staleOnError", said.staleOnError());
    return new Part<>("stale-on-error", set.staleOnError(), annotated, defaults.staleOnError());
  }

  private Part<Boolean> tracking() {
    Boolean annotated = said == null ? null : said.tracking().chosen();
    return new Part<>("tracking", set.tracking(), annotated, defaults.tracking());
  }

  private Part<Boolean> sensitive() {
    Boolean annotated = (said == null || !said.sensitive()) ? null : true;
    return new Part<>("sensitive", set.sensitive(), annotated, defaults.sensitive());
  }

  private Part<Boolean> fields() {
    Boolean annotated = (said == null || !said.fields()) ? null : true;
    return new Part<>("fields", set.fields(), annotated, false);
  }

  private Part<Encoding> encoding() {
    Encoding annotated = said == null ? null : DeclaredPolicies.encoding(cache, said.encoding());
    return new Part<>("encoding", set.encoding(), annotated, defaults.encoding());
  }

  private Part<DataSize> compressAbove() {
    DataSize annotated = said == null ? null : DeclaredPolicies.size(cache, said.compressAbove());
    return new Part<>("compress-above", set.compressAbove(), annotated, defaults.compressAbove());
  }

  private @Nullable Duration duration(String attribute, String text) {
    return DeclaredPolicies.duration(cache, attribute, text);
  }
}
