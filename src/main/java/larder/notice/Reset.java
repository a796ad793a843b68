package larder.notice;

/**
 * Says that notices until now may be missing, and that from here on none is: Redis has lost them or
 * no longer keeps them, or the listener was too slow. What was shown from notices should be read
 * anew.
 *
 * @param id the position to go on from
 */
public record Reset(NoticeId id) implements NoticeEvent {}
