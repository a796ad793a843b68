package larder.monolith;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An open page that reads server-sent events, without a browser. */
final class EventStream implements AutoCloseable {

  /**
   * One event.
   *
   * @param name what scripts listen to
   * @param id what the page would say when it connects again; empty if the event has none
   * @param data its text
   */
  record Event(String name, String id, String data) {}

  private final HttpResponse<InputStream> answer;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  EventStream(HttpResponse<InputStream> answer) {
    this.answer = answer;
    Thread reader = new Thread(this::read, "event-stream");
    reader.setDaemon(true);
    reader.start();
  }

  int status() {
    return answer.statusCode();
  }

  String header(String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** Returns what has come so far, but for comments. */
  List<Event> events() {
    return events;
  }

  /** Returns the data of the events with this name. */
  List<String> data(String name) {
    return events.stream().filter(event -> event.name().equals(name)).map(Event::data).toList();
  }

  /** Returns the last id that was told; empty if none was. */
  String lastId() {
    return events.isEmpty() ? "" : events.get(events.size() - 1).id();
  }

  /** Whether the server has ended it. */
  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Returns when the server has ended it, or after this time. */
  void awaitEnd(Duration most) throws InterruptedException {
    var unused = over.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void read() {
    try (InputStream body = answer.body()) {
      List<String> lines = new ArrayList<>();
      BufferedReader in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          event(lines);
          lines.clear();
        } else {
          lines.add(line);
        }
      }
    } catch (IOException gone) {
      // It is over.
    }
    over.countDown();
  }

  private void event(List<String> lines) {
    String name = field(lines, "event");
    if (!name.isEmpty()) {
      events.add(new Event(name, field(lines, "id"), field(lines, "data")));
    }
  }

  private static String field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .reduce((one, other) -> one + "\n" + other)
        .orElse("");
  }

  @Override
  public void close() {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
