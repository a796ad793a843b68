package larder.benchmarks.pages;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** An answer as it was meant: without chunks and compression. */
record Answer(String head, String body) {

  private static final int START = 1_500;

  /** Returns the answer of these bytes; one without a body if it is damaged. */
  static Answer of(byte[] bytes, int bodyAt) {
    String head =
        new String(bytes, 0, bodyAt, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    byte[] body = java.util.Arrays.copyOfRange(bytes, bodyAt, bytes.length);
    try {
      if (head.contains("transfer-encoding: chunked")) {
        body = joined(body);
      }
      InputStream in = new ByteArrayInputStream(body);
      if (head.contains("content-encoding: gzip")) {
        in = new GZIPInputStream(in);
      }
      return new Answer(head, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException damaged) {
      return new Answer(head, "");
    }
  }

  private static byte[] joined(byte[] chunks) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    String text = new String(chunks, StandardCharsets.ISO_8859_1);
    int at = 0;
    while (true) {
      int line = text.indexOf("\r\n", at);
      int size = Integer.parseInt(text.substring(at, line), 16);
      if (size == 0) {
        return whole.toByteArray();
      }
      whole.write(chunks, line + 2, size);
      at = line + 2 + size + 2;
    }
  }

  /** Returns as much as tells what it is. */
  String start() {
    String text = (head + body).replaceAll("\\s+", " ");
    return text.substring(0, Math.min(text.length(), START));
  }

  /** Whether the layer says that the page was kept. */
  boolean isKept() {
    return head.contains("cache-status: larder; hit");
  }
}
