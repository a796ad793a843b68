package larder.cache.page;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A page as it is kept: what is sent of it to everybody.
 *
 * @param type its {@code Content-Type}
 * @param headers further headers that are kept, one a line, as {@code name: value}
 * @param hash names its bytes, type and headers: pages that differ in any have different ones
 * @param zipped whether the body is compressed
 * @param body the bytes of the body, compressed or not, in Base64, so that nobody can change them
 */
record KeptPage(String type, String headers, String hash, boolean zipped, String body) {

  /** Below this, compression saves nothing that matters; as Tomcat's own. */
  private static final int WORTH_ZIPPING = 2048;

  private static final int HASH_BYTES = 18;

  /**
   * Returns the page of these bytes.
   *
   * @param compress whether it may be compressed
   */
  static KeptPage of(String type, String headers, byte[] bytes, boolean compress) {
    boolean zip = compress && bytes.length >= WORTH_ZIPPING;
    String body = Base64.getEncoder().encodeToString(zip ? zipped(bytes) : bytes);
    return new KeptPage(type, headers, hash(type, headers, bytes), zip, body);
  }

  /** Returns the bytes as they are kept. */
  byte[] kept() {
    return Base64.getDecoder().decode(body);
  }

  /**
   * Returns the bytes as they were made.
   *
   * @throws UncheckedIOException if what is kept is damaged
   */
  byte[] plain() {
    if (!zipped) {
      return kept();
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(kept()))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the strong entity tag of the page in one of its two codings. */
  String etag(boolean asZipped) {
    return asZipped ? "\"" + hash + "-gzip\"" : "\"" + hash + "\"";
  }

  private static byte[] zipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String hash(String type, String headers, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((type + "\n" + headers + "\n\n").getBytes(StandardCharsets.UTF_8));
      byte[] hash = Arrays.copyOf(digest.digest(bytes), HASH_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
