package larder.session;

import java.time.Instant;

/**
 * One session of a person.
 *
 * @param lastUsed when its last request came, by Redis's clock
 * @param current whether it is the one that asks
 */
public record SessionUse(Instant lastUsed, boolean current) {}
