package larder.monolith.accounts;

import java.util.Collection;
import java.util.List;
import larder.monolith.users.Credential;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.CredentialsContainer;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/**
 * A signed-in user. It knows the id only, so that a changed handle leaves the session as it is; the
 * password hash is forgotten as soon as it has been checked.
 */
final class Account implements UserDetails, CredentialsContainer {

  private static final GrantedAuthority USER = new SimpleGrantedAuthority("ROLE_USER");
  private static final GrantedAuthority ADMINISTRATOR =
      new SimpleGrantedAuthority("ROLE_ADMINISTRATOR");

  private final long id;
  private final boolean administrator;
  private @Nullable String passwordHash;

  Account(long id, boolean administrator) {
    this.id = id;
    this.administrator = administrator;
  }

  Account(Credential credential) {
    this(credential.id(), credential.administrator());
    this.passwordHash = credential.passwordHash();
  }

  long id() {
    return id;
  }

  boolean administrator() {
    return administrator;
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return administrator ? List.of(USER, ADMINISTRATOR) : List.of(USER);
  }

  @Override
  public @Nullable String getPassword() {
    return passwordHash;
  }

  /** Returns the id, the one name of a user that never changes. */
  @Override
  public String getUsername() {
    return Long.toString(id);
  }

  @Override
  public void eraseCredentials() {
    passwordHash = null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Account account && account.id == id;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  @Override
  public String toString() {
    return "Account[id=%d, administrator=%s]".formatted(id, administrator);
  }
}
