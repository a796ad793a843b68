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
 * <p>A value depends on its own row; where there is none, on the table, so that anybody's next
 * choice ends it. So a person is to be {@link #prepare prepared} before the first choice: in a step
 * of its own, since what is put depends on all that its method has read and written.
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
   * Makes the rows of all settings that a person has none of, as they are preset.
   *
   * @throws org.springframework.dao.DataIntegrityViolationException if there is no such person, or
   *     somebody else made them at the same time
   */
  @Transactional
  public void prepare(long userId) {
    for (Setting each : Setting.values()) {
      if (repository.findById(SettingEntity.id(userId, each)).isEmpty()) {
        repository.saveAndFlush(new SettingEntity(userId, each));
      }
    }
  }

  /**
   * Chooses, and returns what was chosen.
   *
   * @throws IllegalArgumentException if there is no such setting, or no such choice
   * @throws org.springframework.dao.DataIntegrityViolationException if there is no such person, or
   *     if it had no row and was chosen elsewhere at the same time
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
        .orElseGet(() -> repository.saveAndFlush(new SettingEntity(userId, setting)))
        .choose(value);
    return value;
  }

  private static Setting require(String name) {
    return Setting.of(name)
        .orElseThrow(() -> new IllegalArgumentException("There is no setting " + name));
  }
}
