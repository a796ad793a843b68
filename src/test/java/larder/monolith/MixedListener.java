package larder.monolith;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import larder.monolith.users.User;
import org.jspecify.annotations.Nullable;

/**
 * An open page of a member: it listens for notices, loses its connection every second, and comes
 * back at the other node with the last id that it was told.
 */
final class MixedListener implements Runnable, AutoCloseable {

  private static final int OK = 200;
  private static final Duration CONNECTED = Duration.ofSeconds(1);
  private static final Duration REFUSED = Duration.ofMillis(100);

  private final List<Visitor> visitors;
  private final User user;
  private final CountDownLatch over;
  private final List<EventStream.Event> heard = new ArrayList<>();
  private int connections;
  private String lastId = "";
  private @Nullable EventStream last;

  MixedListener(List<MonolithNode> nodes, User user, CountDownLatch over) {
    Visitor first = nodes.get(0).visitor();
    this.visitors = nodes.stream().map(first::at).toList();
    this.user = user;
    this.over = over;
  }

  @Override
  public void run() {
    try {
      var unused = visitors.get(0).signIn(user.handle(), People.PASSWORD);
      do {
        listen();
      } while (over.getCount() > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() throws InterruptedException {
    EventStream stream = open();
    if (stream == null) {
      pause(REFUSED);
      return;
    }
    stream.awaitEnd(CONNECTED);
    stream.close();
    take(stream);
  }

  private void pause(Duration time) throws InterruptedException {
    var unused = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private @Nullable EventStream open() {
    try {
      EventStream stream = visitors.get(connections++ % visitors.size()).events("/notices", lastId);
      return stream.status() == OK ? stream : null;
    } catch (UncheckedIOException refused) {
      return null;
    }
  }

  private synchronized void take(EventStream stream) {
    for (EventStream.Event event : stream.events()) {
      heard.add(event);
      if (!event.id().isEmpty()) {
        lastId = event.id();
      }
    }
  }

  /** Whether it will hear of all that is told from now on. */
  synchronized boolean hasItsPlace() {
    return !lastId.isEmpty();
  }

  /** Opens the page once more, to hear the rest. */
  void listenOn() {
    last = open();
  }

  /** Returns the ids of all notices that were heard, in their order. */
  synchronized List<String> notices() {
    List<EventStream.Event> all = new ArrayList<>(heard);
    if (last != null) {
      all.addAll(last.events());
    }
    return all.stream()
        .filter(event -> event.name().equals("notice"))
        .map(EventStream.Event::id)
        .toList();
  }

  /** Returns how often the page was told that something may be missing. */
  synchronized long resets() {
    return heard.stream().filter(event -> event.name().equals("reset")).count();
  }

  @Override
  public void close() {
    if (last != null) {
      last.close();
    }
  }
}
