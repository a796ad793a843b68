package larder.notice.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import larder.dev.servers.TestServers;
import larder.notice.Notice;
import larder.notice.NoticeId;
import larder.notice.NoticeNode;
import larder.notice.NoticeProperties;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Open pages on a real web server: what a slow, dead or greedy browser does to the others. */
@Timeout(120)
class NoticeConnectionsIntegrationTests {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LARGE = "x".repeat(6_000);

  private final List<AutoCloseable> open = new ArrayList<>();
  private NoticeNode node;
  private NoticeConnections connections;
  private Tomcat tomcat;

  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    NoticeProperties properties =
        new NoticeProperties(
            10_000,
            Duration.ofMinutes(10),
            Duration.ofMillis(200),
            Duration.ofMillis(100),
            3,
            5,
            Duration.ofMinutes(10));
    node =
        NoticeNode.start(
            TestServers.redis().port(),
            "connections-" + System.nanoTime(),
            Duration.ofSeconds(2),
            properties);
    connections = new NoticeConnections(node.notices(), properties, System::nanoTime);
    connections.start();
    tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("connectionTimeout", "1500");
    tomcat.getConnector().setProperty("socket.txBufSize", "8192");
    tomcat.getConnector().setProperty("maxThreads", "4");
    Context context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "stream", new Stream()).setAsyncSupported(true);
    context.addServletMappingDecoded("/*", "stream");
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    connections.stop();
    tomcat.stop();
    tomcat.destroy();
    node.close();
  }

  /** Opens a stream for the person that the path names; "bad" is a notice that cannot be read. */
  private final class Stream extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String person = request.getPathInfo();
      connections.open(
          request, response, person, person.equals("/hasty") ? new HastyReader() : new Reader());
    }
  }

  /** While it asks for its topics, something is told that this node has heard. */
  private final class HastyReader extends Reader {
    @Override
    public Set<String> topics() {
      Optional<NoticeId> before = node.notices().position();
      assertThat(node.notices().publishAndWait("x", "meanwhile")).isTrue();
      await().atMost(PATIENCE).until(() -> !node.notices().position().equals(before));
      return super.topics();
    }
  }

  private static class Reader implements NoticeReader {
    @Override
    public Set<String> topics() {
      return Set.of("x");
    }

    @Override
    public NoticeAnswer read(Notice notice) {
      return switch (notice.text()) {
        case "bad" -> throw new IllegalStateException("on purpose");
        case "close" -> NoticeAnswer.close();
        default -> NoticeAnswer.show(notice.text());
      };
    }
  }

  /** A browser that asks, and reads nothing unless told to. */
  private final class Client implements AutoCloseable {

    private final Socket socket = new Socket();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Client(String person) {
      try {
        socket.setReceiveBufferSize(8_192);
        socket.connect(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort()));
        String request = "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(person);
        socket.getOutputStream().write(request.getBytes(UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      open.add(0, this);
    }

    Client reading() {
      Thread reader =
          new Thread(
              () -> {
                try {
                  BufferedReader in =
                      new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                  for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                  }
                } catch (IOException gone) {
                  lines.add("gone");
                }
                lines.add("over");
              });
      reader.setDaemon(true);
      reader.start();
      return this;
    }

    List<String> data() {
      return lines.stream()
          .filter(line -> line.startsWith("data: "))
          .map(line -> line.substring("data: ".length()))
          .toList();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private void awaitData(Client client, String... data) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(client.data()).containsExactly(data));
  }

  private void awaitOpen(long count) {
    await().atMost(PATIENCE).until(() -> connections.open() == count);
  }

  private Client awaitReading(String person) {
    Client client = new Client(person).reading();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(client.lines).anyMatch(line -> line.startsWith("id: ")));
    return client;
  }

  @Test
  void whatIsToldWhileAPageAsksForItsTopicsIsHeard() {
    awaitReading("first");
    awaitData(new Client("hasty").reading(), "meanwhile");
  }

  @Test
  void browsersThatReadNothingStallNobodyAndAreGivenUp() {
    Client reading = awaitReading("reading");
    IntStream.range(0, 4).forEach(i -> new Client("stuck-" + i));
    awaitOpen(5);
    int count = 1_500;
    for (int i = 0; i < count; i++) {
      node.notices().publish("x", i + LARGE);
      if (i % 100 == 99) {
        int due = i + 1;
        await().atMost(PATIENCE).until(() -> node.notices().counts().published() == due);
      }
    }
    await().atMost(PATIENCE).until(() -> reading.data().size() == count);
    assertThat(reading.data().stream().map(data -> data.replace("x", "")))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, count).mapToObj(Integer::toString).toList());
    awaitOpen(1);
    node.notices().publish("x", "still there");
    await().atMost(PATIENCE).until(() -> reading.data().contains("still there"));
  }

  @Test
  void browsersThatAreGoneAreFoundByTheHeartbeat() throws IOException {
    Client gone = new Client("gone");
    awaitReading("stays");
    awaitOpen(2);
    gone.close();
    awaitOpen(1);
  }

  @Test
  void aPersonAndANodeHaveSoManyAndNoMore() throws IOException {
    IntStream.range(0, 3).forEach(i -> awaitReading("greedy"));
    Client fourth = new Client("greedy").reading();
    await().atMost(PATIENCE).until(() -> !fourth.lines.isEmpty());
    assertThat(fourth.lines.get(0)).contains(" 503 ");
    awaitReading("other");
    Client fifth = awaitReading("another");
    Client sixth = new Client("too-much").reading();
    await().atMost(PATIENCE).until(() -> !sixth.lines.isEmpty());
    assertThat(sixth.lines.get(0)).contains(" 503 ");
    assertThat(connections.refused()).isEqualTo(2);
    fifth.close();
    awaitOpen(4);
    awaitReading("too-much");
  }

  @Test
  void aNoticeThatCannotBeReadIsPassedOver() {
    Client client = awaitReading("one");
    node.notices().publish("x", "bad");
    await().atMost(PATIENCE).until(() -> node.notices().counts().published() == 1);
    node.notices().publish("x", "two\nlines");
    await().atMost(PATIENCE).until(() -> client.data().equals(List.of("two", "lines")));
  }

  @Test
  void aReaderEndsItsConnection() {
    Client client = awaitReading("one");
    node.notices().publish("x", "close");
    await().atMost(PATIENCE).until(() -> client.lines.contains("0"));
    awaitOpen(0);
  }

  @Test
  void stoppingEndsAllAndTakesNoMore() {
    Client client = awaitReading("one");
    connections.stop();
    await().atMost(PATIENCE).until(() -> client.lines.contains("0"));
    assertThat(connections.open()).isZero();
    Client late = new Client("late").reading();
    await().atMost(PATIENCE).until(() -> !late.lines.isEmpty());
    assertThat(late.lines.get(0)).contains(" 503 ");
  }
}
