package larder.notice;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A page that somebody looks at: it connects, hears, and connects again with its last id. */
final class Page implements AutoCloseable {

  private final Set<String> topics;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final AtomicInteger resets = new AtomicInteger();
  private final AtomicReference<@Nullable NoticeSubscription> open = new AtomicReference<>();
  private volatile @Nullable NoticeId last;

  Page(String... topics) {
    this.topics = Set.of(topics);
  }

  /** Connects to a node, behind the last event that this page has heard. */
  Page connect(Notices node) {
    disconnect();
    NoticeSubscription subscription =
        node.subscribe(topics, last, () -> thread.execute(this::take));
    open.set(subscription);
    thread.execute(this::take);
    return this;
  }

  private void take() {
    NoticeSubscription subscription = open.get();
    if (subscription == null) {
      return;
    }
    for (NoticeEvent event = subscription.take(); event != null; event = subscription.take()) {
      last = event.id();
      if (event instanceof Notice notice) {
        texts.add(notice.text());
      } else {
        resets.incrementAndGet();
      }
    }
  }

  /** Loses the connection once all is heard that was under way. */
  void disconnect() {
    NoticeSubscription subscription = open.getAndSet(null);
    if (subscription != null) {
      subscription.close();
      try {
        thread.submit(() -> {}).get();
      } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Whether the node knows from where this page goes on. */
  boolean hasItsPlace() {
    return Optional.ofNullable(open.get()).flatMap(NoticeSubscription::position).isPresent();
  }

  List<String> texts() {
    return texts;
  }

  int resets() {
    return resets.get();
  }

  @Override
  public void close() {
    disconnect();
    thread.shutdownNow();
  }
}
