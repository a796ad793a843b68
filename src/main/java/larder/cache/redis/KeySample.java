package larder.cache.redis;

import java.util.Collection;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A look at some of the keys in Redis.
 *
 * @param looked how many were looked at
 * @param foreign how many of them are not this application's
 * @param example how one of those begins, up to its first colon; empty if none has one that can be
 *     shown
 */
public record KeySample(int looked, int foreign, String example) {

  /** No keys were looked at. */
  public static final KeySample NONE = new KeySample(0, 0, "");

  /** What tells no secret: a key without a colon may be one. */
  private static final Pattern BEGINNING = Pattern.compile("(\\{?[\\w.-]{1,40}}?:)");

  /** Whether there are enough keys of others to matter. */
  public boolean isShared() {
    return foreign >= 10 || foreign * 10 > looked;
  }

  static KeySample of(Collection<String> keys, Predicate<String> own) {
    var foreign = keys.stream().filter(own.negate()).toList();
    String example =
        foreign.stream()
            .map(BEGINNING::matcher)
            .filter(Matcher::lookingAt)
            .map(found -> found.group(1))
            .findFirst()
            .orElse("");
    return new KeySample(keys.size(), foreign.size(), example);
  }

  KeySample and(KeySample more) {
    return new KeySample(
        looked + more.looked,
        foreign + more.foreign,
        more.example.isEmpty() ? example : more.example);
  }
}
