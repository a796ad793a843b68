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

/**
 * A connection that is kept open: one request, then its answer, then the next.
 *
 * <p>A server may close it: behind an answer that says so, as Tomcat does with each hundredth, or
 * where nothing is under way. Then it is opened anew; a request that such an end has crossed is
 * sent again, and counted. An end in the middle of an answer is a failure, and so is one before the
 * first answer.
 */
final class Line implements AutoCloseable {

  private static final int LARGEST = 1 << 18;
  private static final byte[] END = bytes("\r\n\r\n");
  private static final byte[] NEW_LINE = bytes("\r\n");
  private static final byte[] LENGTH = bytes("\r\nContent-Length: ");
  private static final byte[] LAST = bytes("\r\nConnection: close");

  private final int port;
  private final Selector selector;
  private volatile SocketChannel channel;
  private final byte[] bytes = new byte[LARGEST];
  private final ByteBuffer in = ByteBuffer.wrap(bytes);
  private int bodyAt;
  private int endAt;
  private boolean chunked;
  private volatile @Nullable Ask ask;
  private volatile long dueNanos;
  private boolean waiting;
  private boolean answered;
  private int resent;

  private Line(int port, Selector selector) throws IOException {
    this.port = port;
    this.selector = selector;
    this.channel = connected(port);
  }

  static Line open(int port, Selector selector) throws IOException {
    Line line = new Line(port, selector);
    line.channel.register(selector, SelectionKey.OP_READ, line);
    return line;
  }

  private static SocketChannel connected(int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return channel;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sends a request.
   *
   * @param due when it was to be sent
   */
  synchronized void send(Ask next, long due) throws IOException {
    ask = next;
    dueNanos = due;
    waiting = true;
    write(next);
  }

  private void write(Ask next) throws IOException {
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

  /**
   * Reads what is there, and returns whether that is the whole answer; called by the selector's
   * thread.
   */
  synchronized boolean read() throws IOException {
    if (channel.read(in) < 0) {
      goOnElsewhere();
      return false;
    }
    if (bodyAt == 0) {
      findBody();
    }
    if (bodyAt > 0 && chunked) {
      skipChunks();
    }
    boolean whole = bodyAt > 0 && !chunked && in.position() >= endAt;
    if (whole) {
      waiting = false;
      answered = true;
      if (find(LAST, 0, bodyAt) >= 0) {
        reopen();
      }
    }
    return whole;
  }

  private void goOnElsewhere() throws IOException {
    if (in.position() > 0 || (waiting && !answered)) {
      throw new EOFException(
          "A node has closed a connection, %,d bytes into an answer".formatted(in.position()));
    }
    reopen();
    if (waiting) {
      resent++;
      write(ask());
    }
  }

  private void reopen() throws IOException {
    channel.close();
    channel = connected(port);
    channel.register(selector, SelectionKey.OP_READ, this);
    answered = false;
  }

  /** Returns how often a request was sent again. */
  synchronized int resent() {
    return resent;
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
