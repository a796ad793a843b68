package larder.monolith.users;

/**
 * What a sign-in is checked against. Never cached, logged or shown.
 *
 * @param id the id of the user
 * @param passwordHash the hash, with the name of its algorithm in braces before it
 * @param administrator whether the user may edit everybody
 */
public record Credential(long id, String passwordHash, boolean administrator) {

  /** Returns what may be logged: not the hash. */
  @Override
  public String toString() {
    return "Credential[id=%d, administrator=%s]".formatted(id, administrator);
  }
}
