package larder.monolith.accounts;

import larder.monolith.users.Credentials;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Service;

/** The accounts that can sign in, by handle or e-mail address. */
@Service
class AccountDetailsService implements UserDetailsService {

  private final Credentials credentials;

  AccountDetailsService(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public UserDetails loadUserByUsername(String handleOrEmail) {
    return credentials
        .find(handleOrEmail)
        .map(Account::new)
        .orElseThrow(() -> new UsernameNotFoundException("Nobody signs in under this name"));
  }
}
