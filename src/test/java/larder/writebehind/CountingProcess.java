package larder.writebehind;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import larder.dev.servers.ChildJvm;
import larder.dev.servers.Database;
import larder.topologies.Link;

/** A node that can be killed, paused and cut off, and comes back under another name. */
final class CountingProcess implements AutoCloseable {

  private final int number;
  private final Link toRedis;
  private final Database database;
  private final Map<String, String> journal;
  private final Path log;
  private Process process;
  private Thread listening;
  private int lives;

  /**
   * @param journal takes, for each write, the last that is known of it
   * @param log takes what the process has to complain of
   */
  CountingProcess(
      int number,
      int redisPort,
      Database database,
      ConcurrentHashMap<String, String> journal,
      Path log) {
    this.number = number;
    this.toRedis = new Link(redisPort);
    this.database = database;
    this.journal = journal;
    this.log = log;
    launch();
  }

  private void launch() {
    List<String> command = ChildJvm.command(CountingProgram.class, "-Xmx128m");
    command.add("" + toRedis.port());
    command.add(database.url() + "?socketTimeout=5&connectTimeout=2");
    command.addAll(List.of(database.user(), database.password()));
    command.add("n" + number + "-" + lives++);
    try {
      process = new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException("Node %d cannot be started".formatted(number), e);
    }
    Process started = process;
    listening = new Thread(() -> listen(started), "counting-node-" + number);
    listening.setDaemon(true);
    listening.start();
  }

  private void listen(Process started) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.matches("[TANU] n\\d+-\\d+-\\d+ \\d+")) {
          journal.put(line.substring(2), line.substring(0, 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Node %d is not heard".formatted(number), e);
    }
  }

  /** Ends the process as a crash does, and starts another. */
  void killAndRestart() throws InterruptedException {
    process.destroyForcibly().waitFor();
    listening.join();
    launch();
  }

  void pause() {
    signal("STOP");
  }

  void goOn() {
    signal("CONT");
  }

  Link toRedis() {
    return toRedis;
  }

  /** Has the process stop in good order; throws if it does not. */
  void end() throws Exception {
    process.getOutputStream().write('E');
    process.getOutputStream().flush();
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    listening.join();
    if (!ended || process.exitValue() != 0) {
      throw new IllegalStateException("Node %d does not end, see %s".formatted(number, log));
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException("A node cannot be sent signal " + name, e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    toRedis.close();
  }
}
