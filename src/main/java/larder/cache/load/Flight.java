package larder.cache.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import larder.cache.load.Missed.Shared;
import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;

/** A load under way, which other callers of its key may wait for. */
final class Flight {

  private final Origin origin;
  private final Thread owner = Thread.currentThread();
  private final CompletableFuture<@Nullable Landed> result = new CompletableFuture<>();

  Flight(Origin origin) {
    this.origin = origin;
  }

  Origin origin() {
    return origin;
  }

  Thread owner() {
    return owner;
  }

  /**
   * What a flight brought.
   *
   * @param loaded the value as its own caller has it, who may change it
   * @param copies gives the value to others
   */
  record Landed(Loaded loaded, Supplier<@Nullable Shared> copies) {}

  /** Ends the flight: with what it brought, or null if it brought nothing to share. */
  void land(@Nullable Landed landed) {
    result.complete(landed);
  }

  /** Waits for what the flight brings; null if that is nothing, or takes too long. */
  @Nullable Landed await(long patienceNanos) {
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
