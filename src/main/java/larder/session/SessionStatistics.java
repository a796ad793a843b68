package larder.session;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts what happened to sessions in this process since it started. Thread-safe. */
public final class SessionStatistics {

  private final Map<SessionEvent, LongAdder> counts =
      Arrays.stream(SessionEvent.values())
          .collect(Collectors.toUnmodifiableMap(Function.identity(), event -> new LongAdder()));

  /** Takes note that it happened once more. */
  public void add(SessionEvent event) {
    counter(event).increment();
  }

  /** Returns how often it has happened. */
  public long count(SessionEvent event) {
    return counter(event).sum();
  }

  private LongAdder counter(SessionEvent event) {
    return Objects.requireNonNull(counts.get(event));
  }
}
