package larder.notice;

/**
 * A notice that knows its predecessor, by which a missing one shows.
 *
 * @param before the id of the notice before it in the stream; {@link NoticeId#NONE} for the first
 */
record LinkedNotice(NoticeId before, Notice notice) {

  NoticeId id() {
    return notice.id();
  }
}
