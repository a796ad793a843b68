package larder.cache.adviser;

import java.util.Set;

/**
 * Something that is wrong or could be better, and what to change.
 *
 * @param rule the rule that found it, such as {@code low-hit-ratio}
 * @param severity how bad it is
 * @param about what kind of thing the subject is
 * @param subject what it is about: a cache, a method, a setting, Redis
 * @param caches the caches that it concerns; none if it concerns no single ones
 * @param reason what is the matter, with the measured value, as the end of a sentence that begins
 *     with the subject
 * @param remedy what to change, as a clause of its own
 */
public record Finding(
    String rule,
    Severity severity,
    About about,
    String subject,
    Set<String> caches,
    String reason,
    String remedy) {

  /** How bad it is, worst first. */
  public enum Severity {
    /** Something does not work as it is written. */
    WRONG,
    /** Something could be better. */
    ADVICE
  }

  /** What kind of thing a finding is about. */
  public enum About {
    SERVER,
    SETTING,
    METHOD,
    CACHE
  }

  /** Copies the caches. */
  public Finding {
    caches = Set.copyOf(caches);
  }

  /** Returns all of it as one line. */
  public String line() {
    String named = about == About.CACHE ? "Cache '" + subject + "'" : subject;
    return "%s %s; %s".formatted(named, reason, remedy);
  }
}
