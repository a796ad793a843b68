package larder.dev.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The ports of this machine's loopback address. */
public final class Loopback {

  private static final int CONNECT_MILLIS = 1_000;

  private Loopback() {}

  /** Returns a port that nothing listens on at the moment. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, address())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on " + address(), e);
    }
  }

  /** Returns {@code preferred} if nothing listens there, else some free port. */
  public static int freePort(int preferred) {
    return isFree(preferred) ? preferred : freePort();
  }

  /** Whether a server could listen on the port, on this address or on all of them. */
  public static boolean isFree(int port) {
    return canBind(new InetSocketAddress(address(), port)) && canBind(new InetSocketAddress(port));
  }

  /** Opens a connection whose reads end after {@code readMillis}. */
  static Socket connect(int port, int readMillis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address(), port), CONNECT_MILLIS);
      socket.setSoTimeout(readMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static boolean canBind(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      // A port whose last connections linger in TIME_WAIT is free for a server.
      socket.setReuseAddress(true);
      socket.bind(address, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static InetAddress address() {
    return InetAddress.getLoopbackAddress();
  }
}
