package larder.notice;

/** What a subscription hears next: a notice, or that some may be missing. */
public sealed interface NoticeEvent permits Notice, Reset {

  /** Returns the position to go on from after this event. */
  NoticeId id();
}
