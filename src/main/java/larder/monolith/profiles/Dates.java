package larder.monolith.profiles;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Times as pages show them: in English and UTC, the same for everybody. */
@Component("dates")
public class Dates {

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  /** Returns the time of the day, such as {@code 09:05:03 UTC}. */
  public String second(Instant time) {
    return SECOND.format(time);
  }

  /** Returns the day, such as {@code 3 Nov 2026}. */
  public String day(Instant time) {
    return DAY.format(time);
  }

  /** Returns day and minute, such as {@code 3 Nov 2026, 09:05 UTC}. */
  public String minute(Instant time) {
    return MINUTE.format(time);
  }
}
