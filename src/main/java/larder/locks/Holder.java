package larder.locks;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock.
 *
 * @param node the name of the node
 * @param number the fencing number
 * @param since when it was taken, by Redis's clock
 * @param until when its lease ends unless prolonged, by Redis's clock
 */
public record Holder(String node, long number, Instant since, Instant until) {

  private static final Pattern FORM =
      Pattern.compile("([^|:]+):[^|]*\\|(\\d{1,10})\\|(\\d{1,10})\\|(\\d{1,16})\\|(\\d{1,16})");

  /** Reads what the scripts write; null if it is anything else. */
  static @Nullable Holder parse(@Nullable String value) {
    Matcher parts = FORM.matcher(value == null ? "" : value);
    return parts.matches()
        ? new Holder(
            parts.group(1),
            Long.parseLong(parts.group(2)) * LockScripts.COUNTS + Long.parseLong(parts.group(3)),
            Instant.ofEpochMilli(Long.parseLong(parts.group(5))),
            Instant.ofEpochMilli(Long.parseLong(parts.group(4))))
        : null;
  }
}
