package larder.monolith.accounts;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;

/**
 * What a session keeps of a sign-in: whose it is. What they may do is asked for at each request.
 *
 * @param account the id of the user
 */
record SignedIn(long account) {

  SignedIn {
    if (account <= 0) {
      throw new IllegalArgumentException("No account has the id " + account);
    }
  }

  /** Returns whose sign-in it is; null if it is nobody's of ours. */
  static @Nullable SignedIn of(SecurityContext context) {
    Authentication authentication = context.getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof Account account
        ? new SignedIn(account.id())
        : null;
  }

  /** Returns the sign-in without any rights. */
  SecurityContext context() {
    return contextOf(new Account(account, /* administrator= */ false));
  }

  /** Returns the sign-in with the rights of the account. */
  static SecurityContext contextOf(Account account) {
    return new SecurityContextImpl(
        UsernamePasswordAuthenticationToken.authenticated(
            account, /* credentials= */ null, account.getAuthorities()));
  }
}
