package larder.benchmarks.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A server that gives each request the same answer at once: what limits a load of it is the load.
 */
final class StaticAnswer {

  /** About the size of a page as browsers get it. */
  private static final int SIZE = 2_500;

  private final byte[] answer;
  private final ByteBuffer in = ByteBuffer.allocate(1 << 16);

  private StaticAnswer() {
    String body = "x".repeat(SIZE);
    answer =
        "HTTP/1.1 200 \r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(SIZE, body)
            .getBytes(StandardCharsets.ISO_8859_1);
  }

  public static void main(String[] words) throws IOException {
    Thread server = new Thread(new StaticAnswer()::run, "static-answer");
    server.setDaemon(true);
    server.start();
    while (System.in.read() >= 0) {
      Thread.yield();
    }
  }

  private void run() {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", 0), 256);
      server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
      System.out.println(PageNode.READY + server.socket().getLocalPort());
      while (true) {
        selector.select(key -> serve(selector, key));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Selector selector, SelectionKey key) {
    try {
      if (key.channel() instanceof ServerSocketChannel server) {
        SocketChannel met = server.accept();
        met.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        met.configureBlocking(false).register(selector, SelectionKey.OP_READ);
      } else if (key.channel() instanceof SocketChannel channel) {
        in.clear();
        if (channel.read(in) < 0) {
          channel.close();
        } else if (in.get(in.position() - 1) == '\n') {
          channel.write(ByteBuffer.wrap(answer));
        }
      }
    } catch (IOException gone) {
      key.cancel();
    }
  }
}
