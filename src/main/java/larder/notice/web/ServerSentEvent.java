package larder.notice.web;

import java.time.Duration;
import java.util.stream.Collectors;
import larder.notice.NoticeId;

/** The text of server-sent events, as browsers read it. */
final class ServerSentEvent {

  /** A line that browsers pass over. */
  static final String COMMENT = ":\n\n";

  private ServerSentEvent() {}

  /** Returns how long a browser waits before it connects again. */
  static String retry(Duration pause) {
    return "retry: " + pause.toMillis() + "\n\n";
  }

  /**
   * Returns an event.
   *
   * @param name what scripts listen to
   * @param id what the browser says when it connects again
   * @param data of any number of lines
   */
  static String event(String name, NoticeId id, String data) {
    String lines = data.lines().map(line -> "data: " + line).collect(Collectors.joining("\n"));
    return "event: %s\nid: %s\n%s\n\n".formatted(name, id, lines.isEmpty() ? "data:" : lines);
  }
}
