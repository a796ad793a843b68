package larder.notice;

/**
 * A message to all who listen to a topic.
 *
 * @param id its place among all notices
 * @param topic what it is about
 * @param text what it says; whoever may write to Redis may have written it
 */
public record Notice(NoticeId id, String topic, String text) implements NoticeEvent {}
