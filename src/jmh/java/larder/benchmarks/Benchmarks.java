package larder.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the benchmarks by name ({@code near}, {@code million}, {@code allocation}, {@code remote},
 * {@code bytes}, {@code clear}, {@code encoding}, {@code cold}, {@code writes}, {@code latency},
 * {@code pages}, or {@code all}) and writes tables and a plot of each to {@code target/benchmarks}.
 *
 * <p>Each runs in a process of its own with servers of its own, so that what one leaves behind is
 * not measured with the next. One that fails, or is not done in time, does not keep the others from
 * running, but has this program fail at its end.
 */
public final class Benchmarks {

  private static final List<String> ALL =
      List.of(
          "pages",
          "cold",
          "writes",
          "near",
          "remote",
          "bytes",
          "clear",
          "latency",
          "million",
          "allocation",
          "encoding");

  /** Far more than any takes on an idle machine, but for the pages. */
  private static final Duration LONGEST = Duration.ofMinutes(12);

  /** Those in which databases take most of the time, so that code would be compiled late. */
  private static final List<String> OF_NODES = List.of("cold", "writes", "latency");

  private static final Duration LONGEST_PAGES = Duration.ofMinutes(50);
  private static final long PATIENCE_SECONDS = 20;

  private final long began = System.nanoTime();
  private final List<String> failed = new ArrayList<>();

  private Benchmarks() {}

  /** Runs those that are named. */
  public static void main(String[] names) throws Exception {
    Benchmarks benchmarks = new Benchmarks();
    List<String> wanted = names[0].equals("all") ? ALL : List.of(names);
    for (String name : wanted) {
      benchmarks.run(name);
    }
    benchmarks.say(
        benchmarks.failed.isEmpty()
            ? "All is done: " + String.join(", ", wanted)
            : "Not measured: " + String.join(", ", benchmarks.failed));
    System.exit(benchmarks.failed.isEmpty() ? 0 : 1);
  }

  private void run(String name) throws IOException, InterruptedException {
    say(name + " begins");
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command(name)).inheritIO().start();
    Thread end = new Thread(() -> end(process), "end");
    Runtime.getRuntime().addShutdownHook(end);
    Duration most = name.equals("pages") ? LONGEST_PAGES : LONGEST;
    boolean inTime = process.waitFor(most.toSeconds(), TimeUnit.SECONDS);
    end(process);
    Runtime.getRuntime().removeShutdownHook(end);
    boolean done = inTime && process.exitValue() == 0;
    if (!done) {
      failed.add(name);
    }
    String became = done ? "is done" : inTime ? "has failed" : "is not done in time, and was ended";
    say("%s %s after %s".formatted(name, became, clock(System.nanoTime() - start)));
  }

  /** Ends what is left of a process and of those that it has started. */
  private static void end(Process process) {
    Stream.concat(process.descendants(), Stream.of(process.toHandle()))
        .filter(ProcessHandle::isAlive)
        .toList()
        .forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(String name) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    System.getProperties().stringPropertyNames().stream()
        .filter(property -> property.startsWith("larder.benchmarks."))
        .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
    if (OF_NODES.contains(name)) {
      command.add("-XX:CompileThresholdScaling=0.2");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(OneBenchmark.class.getName(), name));
    return command;
  }

  private void say(String what) {
    System.out.println("[" + clock(System.nanoTime() - began) + "] " + what);
  }

  private static String clock(long nanos) {
    Duration time = Duration.ofNanos(nanos);
    return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }
}
