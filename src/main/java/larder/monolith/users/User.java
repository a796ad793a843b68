package larder.monolith.users;

import java.time.Instant;

/**
 * The public profile of a user: what anybody may see, and so all that caches ever hold of one.
 *
 * @param id the generated id, which never changes
 * @param handle the unique name in addresses, as the user spells it
 * @param displayName the name on the profile
 * @param bio what the user says of themselves; empty when nothing
 * @param version how many times the profile has been changed
 * @param createdAt when the user signed up
 * @param updatedAt when the profile last changed
 */
public record User(
    long id,
    String handle,
    String displayName,
    String bio,
    int version,
    Instant createdAt,
    Instant updatedAt) {}
