package larder.notice;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a notice in its stream, which grows from one to the next.
 *
 * @param millis the time of Redis when the notice was appended, in milliseconds
 * @param sequence tells notices of one millisecond apart
 */
public record NoticeId(long millis, long sequence) implements Comparable<NoticeId> {

  /** What stands before the first notice of a stream. */
  static final NoticeId NONE = new NoticeId(0, 0);

  /** No number of this form is over what a long holds. */
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /** Returns the id with this text, such as {@code 1763760000000-0}; empty if it is none. */
  public static Optional<NoticeId> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher id = FORM.matcher(text);
    return id.matches()
        ? Optional.of(new NoticeId(Long.parseLong(id.group(1)), Long.parseLong(id.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(NoticeId other) {
    int times = Long.compare(millis, other.millis);
    return times == 0 ? Long.compare(sequence, other.sequence) : times;
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return millis + "-" + sequence;
  }
}
