package larder.cache.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;

/** A load under way, which other callers of its key may wait for. */
final class Flight {

  private final Origin origin;
  private final Thread owner = Thread.currentThread();
  private final CompletableFuture<@Nullable Loaded> result = new CompletableFuture<>();

  Flight(Origin origin) {
    this.origin = origin;
  }

  Origin origin() {
    return origin;
  }

  Thread owner() {
    return owner;
  }

  /** Ends the flight: with what it brought, or null if it brought nothing to share. */
  void land(@Nullable Loaded loaded) {
    result.complete(loaded);
  }

  /** Waits for what the flight brings; null if that is nothing, or takes too long. */
  @Nullable Loaded await(long patienceNanos) {
    try {
      return result.get(patienceNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException | TimeoutException e) {
      return null;
    }
  }
}
