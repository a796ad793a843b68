package larder.notice.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import larder.notice.NoticeId;
import larder.notice.NoticeProperties;
import larder.notice.NoticeSubscription;
import larder.notice.Notices;
import larder.redis.RepeatedTask;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The open pages of this node that hear notices by server-sent events.
 *
 * <p>A page takes a connection and a few kilobytes, and no thread. Events are {@code notice}, with
 * the data of the {@link NoticeReader}; {@code reset} when notices may be missing; and {@code
 * position}, which says nothing but its id. A browser that lost its connection names the id of the
 * last event by itself; a script may name it in the parameter {@code after}.
 *
 * <p>It stops before the web server does, which would wait for open pages.
 */
public final class NoticeConnections implements SmartLifecycle {

  private static final int THREADS = 2;
  private static final Duration LEAVING = Duration.ofSeconds(1);
  private static final int RETRY_LEAST_MILLIS = 1_000;
  private static final int RETRY_SPREAD_MILLIS = 2_000;

  private final Notices notices;
  private final NoticeProperties properties;
  private final LongSupplier nanoClock;
  private final Map<String, Set<NoticeConnection>> open = new ConcurrentHashMap<>();
  private final LongAdder count = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final RepeatedTask beats;
  private final ExecutorService writers =
      Executors.newFixedThreadPool(THREADS, NoticeConnections::daemon);
  private volatile boolean stopped;

  /**
   * @param nanoClock the monotonic clock
   */
  public NoticeConnections(Notices notices, NoticeProperties properties, LongSupplier nanoClock) {
    this.notices = notices;
    this.properties = properties;
    this.nanoClock = nanoClock;
    this.beats = new RepeatedTask("larder-notice-beats", this::beat, properties::heartbeat);
  }

  /**
   * Makes the answer to a request a stream of events, which goes on when the caller has returned.
   * Where there are too many already, give or take those that come at once, the answer is 503.
   *
   * @param person whose page it is
   * @param reader what the page hears
   * @return whether the stream is open
   * @throws IOException if the answer cannot be written
   */
  public boolean open(
      HttpServletRequest request, HttpServletResponse response, String person, NoticeReader reader)
      throws IOException {
    if (stopped || open() >= properties.perNode() || of(person) >= properties.perPerson()) {
      refused.increment();
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return false;
    }
    AtomicReference<@Nullable NoticeConnection> page = new AtomicReference<>();
    NoticeSubscription subscription = subscribe(reader, after(request).orElse(null), page);
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    NoticeConnection connection =
        new NoticeConnection(
            context,
            response.getOutputStream(),
            reader,
            writers,
            retry(),
            nanoClock.getAsLong(),
            over -> remove(person, over));
    add(person, connection);
    page.set(connection);
    connection.start(subscription);
    if (stopped) {
      connection.close();
    }
    return true;
  }

  /**
   * Takes a place before the topics are asked for, so that a change of topics meanwhile is heard.
   *
   * @param page who hears; what comes before it is there is found when it starts
   */
  private NoticeSubscription subscribe(
      NoticeReader reader,
      @Nullable NoticeId after,
      AtomicReference<@Nullable NoticeConnection> page) {
    NoticeSubscription subscription =
        notices.subscribe(
            Set.of(),
            after,
            () -> {
              NoticeConnection hearing = page.get();
              if (hearing != null) {
                hearing.available();
              }
            });
    try {
      subscription.listenTo(reader.topics());
      return subscription;
    } catch (RuntimeException e) {
      subscription.close();
      throw e;
    }
  }

  /** Returns the last id that the page has seen; one that cannot be read is none. */
  private static Optional<NoticeId> after(HttpServletRequest request) {
    String header = request.getHeader("Last-Event-ID");
    return NoticeId.parse(
        header == null || header.isEmpty() ? request.getParameter("after") : header);
  }

  /** Returns another pause each time, so that not all come back at once. */
  private static Duration retry() {
    int spread = ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS);
    return Duration.ofMillis(RETRY_LEAST_MILLIS + spread);
  }

  private void add(String person, NoticeConnection connection) {
    open.compute(
        person,
        (name, pages) -> {
          Set<NoticeConnection> all = pages == null ? ConcurrentHashMap.newKeySet() : pages;
          all.add(connection);
          return all;
        });
    count.increment();
  }

  private void remove(String person, NoticeConnection connection) {
    open.computeIfPresent(
        person, (name, pages) -> pages.remove(connection) && pages.isEmpty() ? null : pages);
    count.decrement();
  }

  /** Closes the connections of a person on this node; their pages connect again, if they may. */
  public void close(String person) {
    open.getOrDefault(person, Set.of()).forEach(NoticeConnection::close);
  }

  /** Returns how many connections are open. */
  public long open() {
    return count.sum();
  }

  private int of(String person) {
    return open.getOrDefault(person, Set.of()).size();
  }

  /** Returns how many were refused since the start. */
  public long refused() {
    return refused.sum();
  }

  private void beat() {
    long oldest = nanoClock.getAsLong() - properties.maxAge().toNanos();
    open.values()
        .forEach(
            pages ->
                pages.forEach(
                    page -> {
                      if (page.openedNanos() - oldest < 0) {
                        page.close();
                      } else {
                        page.beat();
                      }
                    }));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "larder-notice-writer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void start() {
    beats.start();
  }

  /** Ends all connections, for good; their browsers connect again elsewhere. */
  @Override
  public void stop() {
    stopped = true;
    beats.stop();
    open.values().forEach(pages -> pages.forEach(NoticeConnection::close));
    writers.shutdown();
    try {
      if (!writers.awaitTermination(LEAVING.toMillis(), TimeUnit.MILLISECONDS)) {
        writers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return beats.isRunning();
  }

  /** Starts last and stops first, before the web server. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
