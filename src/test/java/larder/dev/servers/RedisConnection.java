package larder.dev.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The few words spoken to a Redis server on a loopback port, one connection per command.
 *
 * @param port where the server listens
 */
public record RedisConnection(int port) {

  private static final int REPLY_MILLIS = 2_000;
  private static final long START_NANOS = 20_000_000_000L;
  private static final long PAUSE_NANOS = 20_000_000L;

  /** Sends one command; an array comes back as its elements, one per line. */
  public String send(String... words) throws IOException {
    try (Socket socket = Loopback.connect(port, REPLY_MILLIS)) {
      socket.getOutputStream().write(encode(words).getBytes(UTF_8));
      // One character per byte, since the length of a text comes in bytes.
      return reply(new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)));
    }
  }

  /** Whether a server answers. */
  public boolean answers() {
    try {
      return send("PING").equals("PONG");
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns when the server answers; throws if it does not in good time. */
  public void awaitAnswer() {
    long start = System.nanoTime();
    while (!answers()) {
      if (System.nanoTime() - start > START_NANOS) {
        throw new IllegalStateException("Redis does not answer on port " + port);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static String encode(String... words) {
    return Stream.of(words)
        .map(word -> "$%d\r\n%s\r\n".formatted(word.getBytes(UTF_8).length, word))
        .collect(Collectors.joining("", "*" + words.length + "\r\n", ""));
  }

  private static String reply(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("Redis closed the connection");
    }
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '$' -> rest.equals("-1") ? "" : text(in, Integer.parseInt(rest));
      case '*' -> elements(in, Integer.parseInt(rest));
      case '-' -> throw new IOException("Redis refused: " + rest);
      default -> rest;
    };
  }

  private static String text(BufferedReader in, int length) throws IOException {
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length + "\r\n".length()) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("Redis closed the connection");
      }
      text.append((char) next);
    }
    return new String(text.substring(0, length).getBytes(ISO_8859_1), UTF_8);
  }

  private static String elements(BufferedReader in, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i : IntStream.range(0, count).toArray()) {
      lines.append(i == 0 ? "" : "\n").append(reply(in));
    }
    return lines.toString();
  }
}
