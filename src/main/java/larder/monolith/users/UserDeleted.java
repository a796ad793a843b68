package larder.monolith.users;

/** There is no user with this id any more. */
public record UserDeleted(long id) {}
