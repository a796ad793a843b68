package larder.cache.overview;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whoever judges caches by what they do and says what to change. Optional; asked by pages. */
@FunctionalInterface
public interface Advice {

  /** How much a finding matters; the gravest first. */
  enum Severity {
    /** Something is wrong now. */
    PROBLEM,
    /** Something is likely to go wrong, or costs much. */
    WARNING,
    /** Something could be better. */
    HINT
  }

  /**
   * Something that should be changed.
   *
   * @param severity how much it matters
   * @param rule which rule found it, in a few words
   * @param cache the cache it is about; null if it is about the node
   * @param reason what is wrong, with the figures that show it
   * @param remedy what to do
   */
  record Finding(
      Severity severity, String rule, @Nullable String cache, String reason, String remedy) {}

  /**
   * Returns what was found, the gravest first. Never throws, and takes no longer than a page may.
   */
  List<Finding> findings();
}
