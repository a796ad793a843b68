package larder.monolith.users;

/** A change of a version that is no longer the current one: somebody else saved first. */
public final class EditConflict extends RuntimeException {

  private final transient User current;

  EditConflict(User current, int version) {
    super(
        "User %d is at version %d, the change was made to version %d; show both and ask again"
            .formatted(current.id(), current.version(), version));
    this.current = current;
  }

  /** Returns the user as they are now, read from the database. */
  public User current() {
    return current;
  }
}
