package larder.simulation;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks every served value against what the layer promises, and counts. */
final class Promises {

  /** How a value came to be served. */
  enum Served {
    NEAR,
    REMOTE,
    TAKEN,
    JOINED,
    LOADED
  }

  private final Scheduler scheduler;
  private final SimulatedDatabase database;
  private final Map<Served, Long> served = new EnumMap<>(Served.class);
  private long micro;
  private long putsServed;
  private long putsStored;
  private @Nullable String violation;

  Promises(Scheduler scheduler, SimulatedDatabase database) {
    this.scheduler = scheduler;
    this.database = database;
  }

  /**
   * Checks one served value.
   *
   * @param since the instant up to which the bound is measured: the judgement for values that were
   *     judged, the caller's arrival for a load that began after it
   */
  void check(SimulatedRead read, Value value, Served how, long since, boolean current) {
    served.merge(how, 1L, Long::sum);
    if (how == Served.NEAR && !current) {
      micro++;
    }
    if (value.made().startsWith("put")) {
      putsServed++;
    }
    for (int row = 0; row < Scenario.ROWS && violation == null; row++) {
      if (Keys.reads(read.key(), row)) {
        check(read, value, how, row, since);
      }
    }
  }

  private void check(SimulatedRead read, Value value, Served how, int row, long since) {
    int version = value.versions().of(row);
    int required = database.required(row, since - Scenario.BOUND);
    if (version < required) {
      violated("staleness bound", read, value, how, row, required);
    } else if (version < read.own().of(row)) {
      violated("own write", read, value, how, row, read.own().of(row));
    } else if (version > database.version(row)) {
      violated("uncommitted value", read, value, how, row, database.version(row));
    }
  }

  private void violated(
      String promise, SimulatedRead read, Value value, Served how, int row, int required) {
    violation =
        "%s broken: %s, key %d served %s with version %d of row %d, which must be %d (%s, %s)"
            .formatted(
                promise,
                read.node(),
                read.key(),
                how,
                value.versions().of(row),
                row,
                required,
                value.made(),
                value.stamp());
    if (scheduler.tracing()) {
      scheduler.trace("*** " + violation);
    }
    scheduler.stop();
  }

  void putStored() {
    putsStored++;
  }

  @Nullable String violation() {
    return violation;
  }

  void addTo(Counts counts) {
    served.forEach((how, times) -> counts.served.merge(how, times, Long::sum));
    counts.micro += micro;
    counts.putsServed += putsServed;
    counts.putsStored += putsStored;
  }

  /** Sums over many runs. */
  static final class Counts {
    private final Map<Served, Long> served = new EnumMap<>(Served.class);
    private long micro;
    private long putsServed;
    private long putsStored;

    long of(Served how) {
      return served.getOrDefault(how, 0L);
    }

    long reads() {
      return served.values().stream().mapToLong(Long::longValue).sum();
    }

    long micro() {
      return micro;
    }

    long putsServed() {
      return putsServed;
    }

    /** Adds what another has counted. */
    void add(Counts other) {
      other.served.forEach((how, count) -> served.merge(how, count, Long::sum));
      micro += other.micro;
      putsServed += other.putsServed;
      putsStored += other.putsStored;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Served how : Served.values()) {
        text.append(how.name().toLowerCase(Locale.ROOT)).append(' ');
        text.append(of(how)).append(", ");
      }
      text.append("of near not current ").append(micro);
      return text + ", puts stored " + putsStored + ", put values served " + putsServed;
    }
  }
}
