package larder.monolith.users;

/**
 * A profile says something else than before, or has another handle. Published inside the
 * transaction that changes it.
 *
 * @param userId whose profile
 * @param handle the handle from now on
 * @param displayName the name from now on
 */
public record ProfileChanged(long userId, String handle, String displayName) {

  ProfileChanged(User user) {
    this(user.id(), user.handle(), user.displayName());
  }
}
