package larder.monolith.users;

/** A change of a user who does not exist, or no longer does. */
public final class NoSuchUser extends RuntimeException {

  public NoSuchUser(long id) {
    super("User %d does not exist; nothing was changed".formatted(id));
  }
}
