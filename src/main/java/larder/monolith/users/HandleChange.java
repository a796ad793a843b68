package larder.monolith.users;

/**
 * The outcome of a changed handle.
 *
 * @param oldHandle the handle until now
 * @param user the user under the new handle
 */
public record HandleChange(String oldHandle, User user) {}
