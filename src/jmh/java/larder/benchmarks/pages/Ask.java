package larder.benchmarks.pages;

import java.nio.charset.StandardCharsets;

/**
 * A request as it is sent.
 *
 * @param request its bytes
 * @param expected what its answer contains
 * @param page whether it asks for a page, and so is measured
 */
record Ask(byte[] request, String expected, boolean page) {

  /** Returns the request that a line of a plan describes. */
  static Ask of(String line, boolean zipped) {
    String[] parts = line.split("\t");
    String request =
        "GET %s HTTP/1.1\r\nHost: larder.example\r\nAccept: text/html\r\n%s\r\n"
            .formatted(parts[0], zipped ? "Accept-Encoding: gzip, deflate\r\n" : "");
    return new Ask(
        request.getBytes(StandardCharsets.US_ASCII), parts[1], !parts[0].startsWith(Changes.PATH));
  }
}
