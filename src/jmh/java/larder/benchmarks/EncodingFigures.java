package larder.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What values take as bytes, and what it takes to write and to read them.
 *
 * <p>The forms take turns in one process, and the processor time of the thread counts, of which
 * these are medians: so they compare on a busy machine, too. {@link EncodingBenchmark} measures
 * each in a process of its own.
 */
final class EncodingFigures {

  private static final List<String> FORMS =
      List.of(
          "JSON",
          "JSON, deflated with a dictionary",
          "compact JSON",
          "compact JSON, deflated",
          "Smile with names",
          "Smile",
          "CBOR",
          "Fory");

  private static final List<String> VALUES = List.of("account", "page", "list", "text");

  private static final int ROUNDS = 41;
  private static final long WARM_NANOS = 3_000_000_000L;
  private static final long TURN_NANOS = 3_000_000L;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Blackhole blackhole =
      new Blackhole(
          "Today's password is swordfish. I understand instantiating Blackholes directly is"
              + " dangerous.");
  private final Figures figures = new Figures("Encoding", "bytes and nanoseconds");

  private EncodingFigures() {}

  /** One step of one form. */
  private final class Step {
    private final Supplier<Object> step;
    private final List<Double> nanos = new ArrayList<>();
    private int turn = 1;
    private double allocated;

    Step(Supplier<Object> step) {
      this.step = step;
    }

    void warm() {
      long until = threads.getCurrentThreadCpuTime() + WARM_NANOS / VALUES.size();
      double last = 1;
      while (threads.getCurrentThreadCpuTime() < until) {
        last = take(100);
      }
      turn = (int) Math.max(10, TURN_NANOS / last);
    }

    void turn() {
      long before = threads.getCurrentThreadAllocatedBytes();
      nanos.add(take(turn));
      allocated = (threads.getCurrentThreadAllocatedBytes() - before) / (double) turn;
    }

    private double take(int times) {
      long before = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < times; i++) {
        blackhole.consume(step.get());
      }
      return (threads.getCurrentThreadCpuTime() - before) / (double) times;
    }

    double median() {
      return nanos.stream().sorted().toList().get(nanos.size() / 2);
    }
  }

  /** Returns sizes, medians of times, and what is allocated. */
  static Figures all() {
    EncodingFigures measured = new EncodingFigures();
    VALUES.forEach(measured::measure);
    return measured.figures;
  }

  private void measure(String value) {
    Object sample = EncodingBenchmark.value(value);
    Map<String, Step> writing = new LinkedHashMap<>();
    Map<String, Step> reading = new LinkedHashMap<>();
    for (String name : FORMS) {
      Form form = Form.of(name, sample);
      byte[] bytes = form.write(sample);
      figures.add(name, value + ": bytes", bytes.length, Double.NaN);
      writing.put(name, new Step(() -> form.write(sample)));
      reading.put(name, new Step(() -> form.read(bytes)));
    }
    List<Step> steps = new ArrayList<>(writing.values());
    steps.addAll(reading.values());
    steps.forEach(Step::warm);
    for (int round = 0; round < ROUNDS; round++) {
      steps.forEach(Step::turn);
    }
    for (String name : FORMS) {
      figures.add(name, value + ": write", writing.get(name).median(), Double.NaN);
      figures.add(name, value + ": read", reading.get(name).median(), Double.NaN);
      figures.add(name, value + ": read allocates", reading.get(name).allocated, Double.NaN);
    }
  }
}
