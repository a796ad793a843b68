package larder.benchmarks.pages;

import java.util.ArrayList;
import java.util.List;

/** One way to run the monolith. */
enum Setup {
  OFF("cache off"),
  CAFFEINE("CaffeineCacheManager"),
  REDIS("RedisCacheManager"),
  REDISSON("RedissonSpringCacheManager"),
  LARDER("Larder"),
  SERVICES("Larder, services only");

  private static final String SCHEMA =
      "classpath:db/migration,classpath:db/sample,classpath:larder/postgresql";

  private final String label;

  Setup(String label) {
    this.label = label;
  }

  /** Returns its name in tables. */
  String label() {
    return label;
  }

  /** Whether the layer keeps its values. */
  boolean isLayer() {
    return this == LARDER || this == SERVICES;
  }

  /** Returns the settings in which it differs, as arguments. */
  List<String> arguments() {
    List<String> all = new ArrayList<>();
    all.add("--spring.flyway.locations=" + SCHEMA);
    if (this == SERVICES) {
      all.add("--larder.pages.enabled=false");
    }
    return all;
  }
}
