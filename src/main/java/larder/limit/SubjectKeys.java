package larder.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of subjects in Redis, from which nobody reads an address or a name: {@code
 * {app:limits}:NAME:A:HASH}, A being the algorithm's letter and HASH the first 16 bytes of the
 * HMAC-SHA-256 of name and subject. Thread-safe.
 */
final class SubjectKeys {

  private static final String MAC = "HmacSHA256";
  private static final int BYTES = 16;

  private final String prefix;
  private final SecretKeySpec secret;

  /**
   * @param prefix how all keys begin, in one hash slot
   * @param secret the key of the hash, the same on all nodes; not empty
   */
  SubjectKeys(String prefix, String secret) {
    this.prefix = prefix;
    this.secret = new SecretKeySpec(secret.getBytes(UTF_8), MAC);
  }

  String of(Limit limit, String subject) {
    return prefix
        + limit.name()
        + ":"
        + limit.algorithm().code()
        + ":"
        + hash(limit.name() + "\0" + subject);
  }

  private String hash(String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(secret);
      byte[] whole = mac.doFinal(text.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM lacks " + MAC, e);
    }
  }
}
