package larder.benchmarks.pages;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The generator of load, a process of its own. */
final class Generator implements AutoCloseable {

  /** So many answers of all may fail, as they do now and then on a machine that does other work. */
  private static final double BEARABLE = 0.001;

  private final Process process;
  private final DataOutputStream orders;
  private final DataInputStream results;

  private Generator(Process process) {
    this.process = process;
    this.orders = new DataOutputStream(process.getOutputStream());
    this.results = new DataInputStream(new BufferedInputStream(process.getInputStream()));
  }

  static Generator start() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms256m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+DisplayVMOutputToStderr",
            "-cp",
            System.getProperty("java.class.path"),
            Generator.class.getName());
    return new Generator(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** Runs an order, and returns when it is done. */
  Measured run(Order order) throws IOException {
    orders.writeUTF(order.text());
    orders.flush();
    String failure = results.readUTF();
    if (!failure.isEmpty()) {
      throw new IllegalStateException(failure);
    }
    Measured measured = Measured.read(results);
    int failed = measured.wrong() + measured.missing() + measured.resent();
    if (failed > 0) {
      System.out.printf(
          "%d answers are wrong and %d missing, %d requests were sent again: %s%n  %s%n",
          measured.wrong(), measured.missing(), measured.resent(), order, measured.firstWrong());
    }
    if (failed > BEARABLE * measured.micros().length + 1) {
      throw new IllegalStateException("What does not answer is not measured: " + order);
    }
    return measured;
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** Takes orders until there are no more. */
  public static void main(String[] words) throws Exception {
    DataInputStream orders = new DataInputStream(System.in);
    DataOutputStream results = new DataOutputStream(new BufferedOutputStream(System.out));
    Map<String, Plan> plans = new HashMap<>();
    while (true) {
      Order order;
      try {
        order = Order.parse(orders.readUTF());
      } catch (EOFException last) {
        return;
      }
      Plan plan =
          plans.computeIfAbsent(
              order.plan() + order.zipped(), any -> Plan.read(order.plan(), order.zipped()));
      answer(order, plan, results);
    }
  }

  private static void answer(Order order, Plan plan, DataOutputStream results) throws IOException {
    Measured measured;
    try {
      measured = new Run(order, plan).measure();
    } catch (Exception e) {
      e.printStackTrace();
      results.writeUTF("The load ended at " + order + ": " + e);
      results.flush();
      return;
    }
    results.writeUTF("");
    measured.write(results);
  }
}
