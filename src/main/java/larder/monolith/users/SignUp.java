package larder.monolith.users;

/**
 * What a person hands in to become a user; surrounding spaces do not count, except in the password.
 *
 * @param handle the wanted handle
 * @param email the address, which nobody else gets to see
 * @param displayName the name to show
 * @param password the password, in the clear
 */
public record SignUp(String handle, String email, String displayName, String password) {

  public SignUp {
    handle = handle.strip();
    email = email.strip();
    displayName = displayName.strip();
  }

  /** Returns what may be logged: neither address nor password. */
  @Override
  public String toString() {
    return "SignUp[handle=%s, displayName=%s]".formatted(handle, displayName);
  }
}
