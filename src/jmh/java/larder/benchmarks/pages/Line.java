package larder.benchmarks.pages;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection that is kept open: one request, then its answer, then the next. */
final class Line implements AutoCloseable {

  private static final int LARGEST = 1 << 18;
  private static final byte[] END = bytes("\r\n\r\n");
  private static final byte[] NEW_LINE = bytes("\r\n");
  private static final byte[] LENGTH = bytes("\r\nContent-Length: ");

  private final SocketChannel channel;
  private final byte[] bytes = new byte[LARGEST];
  private final ByteBuffer in = ByteBuffer.wrap(bytes);
  private int bodyAt;
  private int endAt;
  private boolean chunked;
  private volatile @Nullable Ask ask;
  private volatile long dueNanos;

  private Line(SocketChannel channel) {
    this.channel = channel;
  }

  static Line open(int port, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    Line line = new Line(channel);
    channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, line);
    return line;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sends a request.
   *
   * @param due when it was to be sent
   */
  void send(Ask next, long due) throws IOException {
    ask = next;
    dueNanos = due;
    ByteBuffer out = ByteBuffer.wrap(next.request());
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  long dueNanos() {
    return dueNanos;
  }

  /** Returns what was asked last. */
  Ask ask() {
    return Objects.requireNonNull(ask);
  }

  /** Reads what is there, and returns whether that is the whole answer. */
  boolean read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("A node has closed a connection");
    }
    if (bodyAt == 0) {
      findBody();
    }
    if (bodyAt > 0 && chunked) {
      skipChunks();
    }
    return bodyAt > 0 && !chunked && in.position() >= endAt;
  }

  private void findBody() {
    int found = find(END, 0, in.position());
    if (found >= 0) {
      bodyAt = found + END.length;
      int length = find(LENGTH, 0, bodyAt);
      chunked = length < 0;
      endAt = bodyAt + (chunked ? 0 : number(length + LENGTH.length, 10));
    }
  }

  /** Goes to the end of the chunks that are there, the last of which is empty. */
  private void skipChunks() {
    int line = find(NEW_LINE, endAt, in.position());
    while (line >= 0) {
      int size = number(endAt, 16);
      if (line + 2 + size + 2 > in.position()) {
        return;
      }
      endAt = line + 2 + size + 2;
      if (size == 0) {
        chunked = false;
        return;
      }
      line = find(NEW_LINE, endAt, in.position());
    }
  }

  private int number(int from, int radix) {
    int number = 0;
    for (int i = from; Character.digit(bytes[i], radix) >= 0; i++) {
      number = number * radix + Character.digit(bytes[i], radix);
    }
    return number;
  }

  private int find(byte[] wanted, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      int same = 0;
      while (same < wanted.length && bytes[i + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the answer has the status 200. */
  boolean isOk() {
    return number("HTTP/1.1 ".length(), 10) == 200;
  }

  /** Returns the answer with its headers; a look at it, for which it is copied. */
  Answer answer() {
    return Answer.of(java.util.Arrays.copyOf(bytes, in.position()), bodyAt);
  }

  /** Makes room for the next answer. */
  void clear() {
    in.clear();
    bodyAt = 0;
    endAt = 0;
    chunked = false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
