package larder.monolith.views;

import java.time.LocalDate;

/**
 * A look at a profile, as it waits to be counted.
 *
 * @param userId whose profile
 * @param day when, in UTC
 */
record ProfileView(long userId, LocalDate day) {}
