package larder.topologies;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The wire between a node and a server, which can be cut, can be slow and can swallow everything.
 *
 * <p>What the server sends arrives late by the delay, in order and without loss of throughput.
 */
public final class Link implements AutoCloseable {

  private static final long LOOK_AGAIN_MILLIS = 2;

  private final ServerSocket entrance;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile boolean held;
  private volatile long delayMillis;

  /** A wire to a port of this machine. */
  public Link(int target) {
    this.target = target;
    try {
      entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("No port for a link", e);
    }
    daemon(this::accept);
  }

  public int port() {
    return entrance.getLocalPort();
  }

  /** Delays every answer. */
  public void delay(long millis) {
    delayMillis = millis;
  }

  /** Closes all connections, and new ones as soon as they are made. */
  public void cut() {
    cut = true;
    open.forEach(Link::closeQuietly);
  }

  /** Lets nothing through, in either direction; connections stay open, and new ones are made. */
  public void hold() {
    held = true;
  }

  /** Ends {@link #cut}, {@link #delay} and {@link #hold}; what was held goes on its way. */
  public void mend() {
    cut = false;
    delayMillis = 0;
    held = false;
  }

  @Override
  public void close() {
    cut();
    closeQuietly(entrance);
  }

  private void accept() {
    try {
      while (!entrance.isClosed()) {
        connect(entrance.accept());
      }
    } catch (IOException e) {
      cut();
    }
  }

  private void connect(Socket near) {
    Socket far = new Socket();
    open.add(near);
    open.add(far);
    try {
      if (cut) {
        throw new IOException("cut");
      }
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
      daemon(() -> forward(near, far));
      delayed(far, near);
    } catch (IOException e) {
      close(near, far);
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitLetThrough(to);
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Either end is gone; so is the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(from, to);
  }

  private void awaitLetThrough(Socket to) throws InterruptedException {
    while (held && !to.isClosed()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  private record Piece(String bytes, long dueNanos) {}

  private void delayed(Socket from, Socket to) {
    BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    daemon(() -> receive(from, to, pieces));
    daemon(() -> deliver(from, to, pieces));
  }

  private void receive(Socket from, Socket to, BlockingQueue<Piece> pieces) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String bytes = new String(buffer, 0, read, ISO_8859_1);
        pieces.add(new Piece(bytes, System.nanoTime() + delayMillis * 1_000_000));
      }
    } catch (IOException e) {
      // The server's end is gone; so is the connection.
    }
    pieces.add(new Piece("", System.nanoTime()));
    close(from, to);
  }

  private void deliver(Socket from, Socket to, BlockingQueue<Piece> pieces) {
    try {
      OutputStream out = to.getOutputStream();
      for (Piece piece = pieces.take(); !piece.bytes.isEmpty(); piece = pieces.take()) {
        TimeUnit.NANOSECONDS.sleep(piece.dueNanos - System.nanoTime());
        awaitLetThrough(to);
        out.write(piece.bytes.getBytes(ISO_8859_1));
      }
    } catch (IOException e) {
      close(from, to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(Socket near, Socket far) {
    closeQuietly(near);
    closeQuietly(far);
    open.remove(near);
    open.remove(far);
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is of no more use.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "link");
    thread.setDaemon(true);
    thread.start();
  }
}
