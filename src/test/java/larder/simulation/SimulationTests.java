package larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import larder.simulation.Promises.Counts;
import larder.simulation.Promises.Served;
import org.junit.jupiter.api.Test;

/**
 * Runs random schedules on the layer's own classes and checks each served value.
 *
 * <p>{@code -Dlarder.simulation.schedules=500000} is a long run. A failing seed is printed; {@code
 * -Dlarder.simulation.seed=<seed>} runs it alone and prints what happened.
 */
class SimulationTests {

  private static final int SCHEDULES = Integer.getInteger("larder.simulation.schedules", 20_000);
  private static final String SEED = System.getProperty("larder.simulation.seed");

  @Test
  @SuppressWarnings("SystemOut")
  void keepsEveryPromiseInRandomSchedules() {
    long from = SEED == null ? 1 : Long.parseLong(SEED);
    long to = SEED == null ? SCHEDULES : from;
    long started = System.nanoTime();
    Counts counts =
        LongStream.rangeClosed(from, to)
            .parallel()
            .collect(Counts::new, SimulationTests::keepsEveryPromise, Counts::add);
    System.out.printf(
        "%d schedules, %d reads (%s) in %d s%n",
        to - from + 1, counts.reads(), counts, (System.nanoTime() - started) / 1_000_000_000);
    if (SEED == null) {
      for (Served how : Served.values()) {
        assertThat(counts.of(how)).as("reads served %s", how).isPositive();
      }
      assertThat(counts.micro()).isPositive();
      assertThat(counts.putsServed()).isPositive();
    }
  }

  private static void keepsEveryPromise(Counts counts, long seed) {
    Scenario scenario = Scenario.of(seed);
    String violation =
        Simulation.run(scenario, Parts.SOUND, seed, /* tracing= */ SEED != null, counts);
    assertThat(violation)
        .as("seed %d of %s; replay with -Dlarder.simulation.seed=%d", seed, scenario, seed)
        .isNull();
  }
}
