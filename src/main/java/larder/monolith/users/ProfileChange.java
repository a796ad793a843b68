package larder.monolith.users;

/**
 * What a profile shall say from now on; surrounding space does not count.
 *
 * @param displayName the name to show
 * @param bio what the user says of themselves, with line feeds between lines
 */
public record ProfileChange(String displayName, String bio) {

  public ProfileChange {
    displayName = displayName.strip();
    bio = bio.replace("\r\n", "\n").replace('\r', '\n').strip();
  }
}
