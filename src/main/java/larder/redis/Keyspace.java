package larder.redis;

import java.util.List;

/**
 * The keys of one application in Redis: nothing of ours has a key outside.
 *
 * @param application the application's name, the first part of every key
 */
public record Keyspace(String application) {

  /** Returns the beginning of keys that may be on any server of a cluster. */
  public String prefix() {
    return escaped(application) + ":";
  }

  /** Returns the beginning of keys that are on one server of a cluster together. */
  public String together() {
    return "{" + application + "}:";
  }

  /**
   * Returns the beginning of keys that are on one server of a cluster together, and may be on
   * another than further parts.
   *
   * @param part what they belong to
   */
  public String together(String part) {
    return "{" + prefix() + escaped(part) + "}:";
  }

  /** Returns how all keys begin. */
  public List<String> beginnings() {
    return List.of(prefix(), "{" + prefix(), together());
  }

  /** Returns a part of a key so that it ends at the next colon. */
  public static String escaped(String part) {
    return part.replace("%", "%25").replace(":", "%3A");
  }
}
