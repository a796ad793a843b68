package larder.benchmarks;

import java.io.Serializable;
import java.time.Instant;

/** A small record, such as pages read all the time. */
public record Account(
    long id, String handle, String displayName, String about, Instant createdAt, int followers)
    implements Serializable {

  /** Returns the account of an id, as a database would have it. */
  static Account of(long id) {
    return of(id, 0);
  }

  /**
   * Returns the account of an id.
   *
   * @param more how much longer than usual its text is, in characters
   */
  static Account of(long id, int more) {
    return new Account(
        id,
        "person-" + id,
        "Person Number " + id,
        "Likes long walks, short queries and the number " + id + words(more),
        Instant.ofEpochSecond(1_700_000_000L + id),
        (int) (id % 1_000));
  }

  /** Returns text that does not shrink to nothing when it is compressed. */
  private static String words(int length) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; words.length() < length; i++) {
      words.append(' ').append(Integer.toString(i * 7_919, Character.MAX_RADIX));
    }
    return words.substring(0, length);
  }
}
