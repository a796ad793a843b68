package larder.monolith.users;

import java.time.Instant;

/**
 * A user as lists show them.
 *
 * @param id the generated id
 * @param handle the unique name in addresses
 * @param displayName the name on the profile
 * @param intro the first 160 characters of the bio
 * @param createdAt when the user signed up
 */
public record UserSummary(
    long id, String handle, String displayName, String intro, Instant createdAt) {

  static final int INTRO = 160;
}
