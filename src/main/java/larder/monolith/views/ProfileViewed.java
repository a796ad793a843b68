package larder.monolith.views;

/**
 * Somebody has looked at a profile.
 *
 * @param userId whose profile
 */
public record ProfileViewed(long userId) {}
