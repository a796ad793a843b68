package larder.writebehind;

import java.time.Instant;

/**
 * A write that was put aside; what it says stays in the database.
 *
 * @param id its number
 * @param buffer the buffer it was in
 * @param error what kind of failure it was, without a message
 * @param bytes the size of what it says
 * @param diedAt when it was put aside, or last tried again
 */
public record DeadLetter(long id, String buffer, String error, long bytes, Instant diedAt) {}
