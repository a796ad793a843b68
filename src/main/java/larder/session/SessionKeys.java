package larder.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import larder.redis.Keyspace;

/**
 * The names under which sessions are kept; {@link SessionScripts} tells what is there.
 *
 * @param all how all of them begin
 */
record SessionKeys(String all) {

  static SessionKeys of(Keyspace keyspace) {
    return new SessionKeys(keyspace.together("session"));
  }

  String sessions() {
    return all + "s:";
  }

  String lists() {
    return all + "of:";
  }

  String live() {
    return all + "live";
  }

  String session(String id) {
    return sessions() + digest(id);
  }

  String list(String owner) {
    return lists() + owner;
  }

  /** Returns what stands for an id in Redis, and does not tell it. */
  static String digest(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
