package larder.notice.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import larder.notice.Notice;
import larder.notice.NoticeEvent;
import larder.notice.NoticeId;
import larder.notice.NoticeListener;
import larder.notice.NoticeSubscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open page: writes its notices without ever waiting for the browser.
 *
 * <p>All writing is done in turns, one at a time, by the threads of an executor that all
 * connections share. A turn writes as long as the container can take it and something is there, and
 * leaves. The container says when it can take more, a subscription when there is more; either asks
 * for a turn. What was not taken from the subscription stays there, where it takes no room. A
 * browser that reads nothing is given up by the container, by its limit for writing.
 *
 * <p>Between the container's "not now" and its call the stream is not touched: {@code blocked} is
 * set before the question, since the call may come before the question returns.
 *
 * <p>When a write fails, the container cleans up in a thread of its own while the write has not
 * returned yet, and lends request and response to the next connection, to which the rest of the
 * failed write would do harm. So the container's last call waits for the one that is under way, and
 * none begins after it. Calls never wait for the browser, so neither does the container.
 */
final class NoticeConnection implements WriteListener, AsyncListener, NoticeListener {

  private static final Logger log = LoggerFactory.getLogger(NoticeConnection.class);

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final NoticeReader reader;
  private final Executor executor;
  private final Consumer<NoticeConnection> whenEnded;
  private final long openedNanos;
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Object container = new Object(); // held while it is called
  private boolean takenBack; // by the container, which is not called any more
  private volatile @Nullable NoticeSubscription subscription;
  private volatile boolean blocked = true; // until the container says that it can be written to
  private volatile boolean closing;
  private volatile boolean beatDue = true;
  private @Nullable String greeting; // of the turns, like what follows
  private boolean unflushed;
  private @Nullable NoticeId told;

  /**
   * @param retry how long the browser shall wait before it connects again
   * @param whenEnded called once, when it is over
   */
  NoticeConnection(
      AsyncContext context,
      ServletOutputStream out,
      NoticeReader reader,
      Executor executor,
      Duration retry,
      long openedNanos,
      Consumer<NoticeConnection> whenEnded) {
    this.context = context;
    this.out = out;
    this.reader = reader;
    this.executor = executor;
    this.greeting = ServerSentEvent.retry(retry);
    this.openedNanos = openedNanos;
    this.whenEnded = whenEnded;
  }

  /** Begins to write; by the thread of the request, once. */
  void start(NoticeSubscription started) {
    subscription = started;
    context.addListener(this);
    out.setWriteListener(this);
  }

  long openedNanos() {
    return openedNanos;
  }

  /** Has something written even if there is no notice. */
  void beat() {
    beatDue = true;
    available();
  }

  /** Ends it soon. */
  void close() {
    closing = true;
    available();
  }

  @Override
  public void available() {
    if (turns.getAndIncrement() == 0) {
      try {
        executor.execute(this::takeTurns);
      } catch (RejectedExecutionException shuttingDown) {
        end();
      }
    }
  }

  private void takeTurns() {
    int asked;
    do {
      asked = turns.get();
      takeTurn();
    } while (!turns.compareAndSet(asked, 0));
  }

  private void takeTurn() {
    try {
      write();
    } catch (IOException | RuntimeException gone) {
      log.debug("A page with notices is gone", gone);
      closing = true;
    }
    if (closing) {
      end();
    }
  }

  private void write() throws IOException {
    while (!closing && isWritable()) {
      if (unflushed) {
        unflushed = false;
        flush();
        continue;
      }
      String text = next();
      if (text == null) {
        return;
      }
      unflushed = true;
      write(text.getBytes(UTF_8));
    }
  }

  private void flush() throws IOException {
    synchronized (container) {
      if (!takenBack) {
        out.flush();
      }
    }
  }

  private void write(byte[] event) throws IOException {
    synchronized (container) {
      if (!takenBack) {
        out.write(event);
      }
    }
  }

  private boolean isWritable() {
    if (blocked) {
      return false;
    }
    blocked = true;
    synchronized (container) {
      if (!takenBack && out.isReady()) {
        blocked = false;
      }
    }
    return !blocked;
  }

  private @Nullable String next() {
    String first = greeting;
    NoticeSubscription from = subscription;
    if (first != null || from == null) {
      greeting = null;
      return first;
    }
    for (NoticeEvent event = from.take(); event != null; event = from.take()) {
      String text = event instanceof Notice notice ? shown(notice, from) : reset(event);
      if (text != null || closing) {
        return text;
      }
    }
    return beatDue ? beat(from) : null;
  }

  private String reset(NoticeEvent event) {
    told = event.id();
    return ServerSentEvent.event("reset", event.id(), "");
  }

  private @Nullable String shown(Notice notice, NoticeSubscription from) {
    NoticeAnswer answer = answer(notice);
    switch (answer.next()) {
      case ASK_TOPICS -> from.listenTo(reader.topics());
      case CLOSE -> closing = true;
      case GO_ON -> {}
    }
    String data = answer.data();
    if (data == null) {
      return null;
    }
    told = notice.id();
    return ServerSentEvent.event("notice", notice.id(), data);
  }

  private NoticeAnswer answer(Notice notice) {
    try {
      return reader.read(notice);
    } catch (RuntimeException e) {
      log.warn("A notice could not be read for a page, which does without", e);
      return NoticeAnswer.skip();
    }
  }

  /** Tells a silent page how far it is, so that it need not go back for what is not its. */
  private String beat(NoticeSubscription from) {
    beatDue = false;
    NoticeId position = from.position().orElse(null);
    if (position == null || position.equals(told)) {
      return ServerSentEvent.COMMENT;
    }
    told = position;
    return ServerSentEvent.event("position", position, "");
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      closing = true;
      NoticeSubscription open = subscription;
      if (open != null) {
        open.close();
      }
      whenEnded.accept(this);
      complete();
    }
  }

  private void complete() {
    synchronized (container) {
      try {
        if (!takenBack) {
          context.complete();
        }
      } catch (IllegalStateException over) {
        log.debug("The container has ended the connection itself", over);
      }
    }
  }

  private void takeBack() {
    synchronized (container) {
      takenBack = true;
    }
  }

  @Override
  public void onWritePossible() {
    blocked = false;
    available();
  }

  @Override
  public void onError(Throwable failure) {
    log.debug("A page with notices cannot be written to", failure);
    close();
  }

  /** Ends it before the container makes an error page of it. */
  @Override
  public void onError(AsyncEvent event) {
    end();
    takeBack();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    end();
    takeBack();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    takeBack();
    close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    log.debug("A page with notices is asked for once more");
  }
}
