package larder.notice.web;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a notice on one page.
 *
 * @param data what the page is sent; null for nothing
 * @param next what becomes of the connection
 */
public record NoticeAnswer(@Nullable String data, Next next) {

  /** What becomes of a connection behind a notice. */
  public enum Next {
    /** It goes on. */
    GO_ON,
    /** Its reader is asked for its topics again. */
    ASK_TOPICS,
    /** It is closed, and the browser connects again as whoever it is by then. */
    CLOSE
  }

  /** Returns the answer that sends something to the page. */
  public static NoticeAnswer show(String data) {
    return new NoticeAnswer(data, Next.GO_ON);
  }

  /** Returns the answer that a notice is not for this page. */
  public static NoticeAnswer skip() {
    return new NoticeAnswer(null, Next.GO_ON);
  }

  /** Returns the answer that the topics may have changed. */
  public static NoticeAnswer askTopics() {
    return new NoticeAnswer(null, Next.ASK_TOPICS);
  }

  /** Returns the answer that the page has to show anew who it is. */
  public static NoticeAnswer close() {
    return new NoticeAnswer(null, Next.CLOSE);
  }
}
