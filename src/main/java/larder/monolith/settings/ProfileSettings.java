package larder.monolith.settings;

import larder.cache.CachePolicy;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people have chosen, each setting by itself: a field of the person's hash in Redis, that is
 * read and changed without the others.
 *
 * <p>With the first choice a person gets the rows of all settings. From then on each value depends
 * on its own row; until then, on there being none, which any first choice of anybody ends.
 */
@Service
@Transactional(readOnly = true)
@CachePolicy(caches = "profile-settings", ttl = "1h", fields = true)
public class ProfileSettings {

  private static final String CACHE = "profile-settings";
  private static final String KEY =
      "new org.springframework.cache.interceptor.SimpleKey(#userId, #name)";

  private final SettingRepository repository;

  ProfileSettings(SettingRepository repository) {
    this.repository = repository;
  }

  /**
   * Returns what holds for a person: what was chosen, or what is preset, also where the database
   * says what cannot be chosen.
   *
   * @param name a setting's {@link Setting#key}
   * @throws IllegalArgumentException if there is no such setting
   */
  @Cacheable(CACHE)
  public String value(long userId, String name) {
    Setting setting = require(name);
    return repository
        .findById(SettingEntity.id(userId, setting))
        .map(SettingEntity::value)
        .filter(setting::allows)
        .orElse(setting.preset());
  }

  /**
   * Chooses, and returns what was chosen.
   *
   * @throws IllegalArgumentException if there is no such setting, or no such choice
   * @throws org.springframework.dao.DataIntegrityViolationException if there is no such person, or
   *     if it was the first choice and another was made at the same time
   */
  @CachePut(cacheNames = CACHE, key = KEY)
  @Transactional
  public String choose(long userId, String name, String value) {
    Setting setting = require(name);
    if (!setting.allows(value)) {
      throw new IllegalArgumentException("Setting " + name + " has no such choice");
    }
    repository
        .findById(SettingEntity.id(userId, setting))
        .orElseGet(() -> first(userId, setting))
        .choose(value);
    return value;
  }

  /** Makes the rows of all settings, and returns one. */
  private SettingEntity first(long userId, Setting wanted) {
    SettingEntity made = repository.saveAndFlush(new SettingEntity(userId, wanted));
    for (Setting each : Setting.values()) {
      if (repository.findById(SettingEntity.id(userId, each)).isEmpty()) {
        repository.saveAndFlush(new SettingEntity(userId, each));
      }
    }
    return made;
  }

  private static Setting require(String name) {
    return Setting.of(name)
        .orElseThrow(() -> new IllegalArgumentException("There is no setting " + name));
  }
}
