package larder.monolith.follows;

import java.time.Instant;

/**
 * Somebody who is followed, as the list of them shows it.
 *
 * @param id the generated id
 * @param handle the unique name in addresses
 * @param displayName the name on the profile
 * @param intro the first 160 characters of the bio
 * @param version how many times the profile has been changed
 * @param createdAt when they signed up
 * @param updatedAt when the profile last changed
 */
public record FollowedProfile(
    long id,
    String handle,
    String displayName,
    String intro,
    int version,
    Instant createdAt,
    Instant updatedAt) {}
