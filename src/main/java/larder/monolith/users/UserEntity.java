package larder.monolith.users;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The row of a user. Times have microseconds, as PostgreSQL keeps them. */
@Entity
@Table(name = "users")
class UserEntity {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long id;

  private String handle;

  private String email;

  @Column(name = "display_name")
  private String displayName;

  private String bio;

  @Column(name = "password_hash")
  private String passwordHash;

  private boolean administrator;

  @Version private int version;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For the persistence provider, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  protected UserEntity() {}

  UserEntity(SignUp signUp, String passwordHash, Instant now) {
    this.handle = signUp.handle();
    this.email = signUp.email();
    this.displayName = signUp.displayName();
    this.bio = "";
    this.passwordHash = passwordHash;
    this.createdAt = now.truncatedTo(ChronoUnit.MICROS);
    this.updatedAt = createdAt;
  }

  /** Whether the profile already says what the change asks for. */
  boolean says(ProfileChange change) {
    return displayName.equals(change.displayName()) && bio.equals(change.bio());
  }

  void change(ProfileChange change, Instant now) {
    displayName = change.displayName();
    bio = change.bio();
    touch(now);
  }

  void rename(String newHandle, Instant now) {
    handle = newHandle;
    touch(now);
  }

  /** Notes the time of a change, which never precedes the sign-up however clocks differ. */
  private void touch(Instant now) {
    Instant time = now.truncatedTo(ChronoUnit.MICROS);
    updatedAt = time.isBefore(createdAt) ? createdAt : time;
  }

  long id() {
    return id;
  }

  String handle() {
    return handle;
  }

  String email() {
    return email;
  }

  int version() {
    return version;
  }

  User toUser() {
    return new User(id, handle, displayName, bio, version, createdAt, updatedAt);
  }

  Standing toStanding() {
    return new Standing(id, administrator);
  }

  UserSummary toSummary() {
    String intro = bio.substring(0, bio.offsetByCodePoints(0, introLength()));
    return new UserSummary(id, handle, displayName, intro, createdAt);
  }

  private int introLength() {
    return Math.min(UserSummary.INTRO, bio.codePointCount(0, bio.length()));
  }

  Credential toCredential() {
    return new Credential(id, passwordHash, administrator);
  }
}
