package larder.monolith.users;

/**
 * What a user may do.
 *
 * @param id the id of the user
 * @param administrator whether the user may edit everybody
 */
public record Standing(long id, boolean administrator) {}
