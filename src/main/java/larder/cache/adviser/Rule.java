package larder.cache.adviser;

import java.util.Locale;
import java.util.Set;
import larder.cache.adviser.Finding.About;
import larder.cache.adviser.Finding.Severity;

/** What the adviser looks for. */
enum Rule {
  MAXMEMORY_UNSET(Severity.WRONG, About.SERVER),
  NOEVICTION(Severity.WRONG, About.SERVER),
  PERSISTENCE(Severity.ADVICE, About.SERVER),
  SHARED_REDIS(Severity.ADVICE, About.SERVER),
  UNKNOWN_CACHE(Severity.WRONG, About.SETTING),
  UNCACHEABLE_TYPE(Severity.WRONG, About.METHOD),
  CHOSEN_MANAGER(Severity.WRONG, About.METHOD),
  UNPROXIED_METHOD(Severity.WRONG, About.METHOD),
  SELF_CALL(Severity.WRONG, About.METHOD),
  NO_FIELD(Severity.WRONG, About.METHOD),
  UNSEEN_READS(Severity.WRONG, About.METHOD),
  TTL_UNSET(Severity.ADVICE, About.SETTING),
  TTL_LONG(Severity.ADVICE, About.CACHE),
  TTL_SHORT(Severity.ADVICE, About.CACHE),
  MIXED_TYPES(Severity.ADVICE, About.CACHE),
  NEVER_INVALIDATED(Severity.ADVICE, About.CACHE),
  VALUES_REFUSED(Severity.WRONG, About.CACHE),
  VALUES_TOO_LARGE(Severity.WRONG, About.CACHE),
  VALUES_LARGE(Severity.ADVICE, About.CACHE),
  LOW_HIT_RATIO(Severity.ADVICE, About.CACHE),
  CHEAP_LOADS(Severity.ADVICE, About.CACHE);

  private final Severity severity;
  private final About about;

  Rule(Severity severity, About about) {
    this.severity = severity;
    this.about = about;
  }

  /** Returns the rule's name in pages and documents. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns a finding about a cache. */
  Finding ofCache(String cache, String reason, String remedy) {
    return of(cache, Set.of(cache), reason, remedy);
  }

  Finding of(String subject, Set<String> caches, String reason, String remedy) {
    return new Finding(id(), severity, about, subject, caches, reason, remedy);
  }
}
