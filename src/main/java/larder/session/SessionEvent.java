package larder.session;

/** What happens to sessions, as it is counted. */
public enum SessionEvent {
  FOUND("lookups", "found"),
  ABSENT("lookups", "absent"),
  UNREADABLE("lookups", "unreadable"),
  UNREAD("lookups", "unanswered"),
  CREATED("writes", "created"),
  SAVED("writes", "saved"),
  ENDED("writes", "ended"),
  GONE("writes", "gone"),
  UNWRITTEN("writes", "unanswered"),
  REFUSED("requests", "refused");

  private final String what;
  private final String result;

  SessionEvent(String what, String result) {
    this.what = what;
    this.result = result;
  }

  /** Returns what it happens to: {@code lookups}, {@code writes} or {@code requests}. */
  public String what() {
    return what;
  }

  public String result() {
    return result;
  }
}
