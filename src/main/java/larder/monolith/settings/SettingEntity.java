package larder.monolith.settings;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * The row of one setting of a person. Its id is one column, so that a value which was read by it
 * depends on this row alone.
 */
@Entity
@Table(name = "profile_settings")
class SettingEntity {

  @Id private String id;

  @Column(name = "user_id", updatable = false)
  private long userId;

  @Column(updatable = false)
  private String name;

  private String value;

  /** For the persistence provider, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  protected SettingEntity() {}

  SettingEntity(long userId, Setting setting) {
    this.id = id(userId, setting);
    this.userId = userId;
    this.name = setting.key();
    this.value = setting.preset();
  }

  /** Returns the id of a person's setting. */
  static String id(long userId, Setting setting) {
    return userId + ":" + setting.key();
  }

  String value() {
    return value;
  }

  void choose(String chosen) {
    value = chosen;
  }
}
