package larder.cache.log;

import java.nio.charset.StandardCharsets;

/** The UTF-8 form of the short names inside a record. */
final class ShortText {

  private ShortText() {}

  static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String decode(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
