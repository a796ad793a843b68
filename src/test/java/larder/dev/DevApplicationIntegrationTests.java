package larder.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import larder.dev.servers.ChildJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of the development application as processes of their own, ended in every way. */
class DevApplicationIntegrationTests {

  private static final long START_SECONDS = 90;
  private static final String READY = "Larder is ready:";

  @TempDir Path folder;

  private final List<Process> copies = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (Process copy : copies) {
      copy.destroy();
      assertThat(copy.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theLastCopyStopsTheServersAlsoAfterAKilledOne() throws Exception {
    Process first = start("first");
    Process second = start("second");
    assertThat(log("first"))
        .contains("Starting PostgreSQL", "Starting Redis", "larder-demo")
        .as("findings at the start")
        .doesNotContain("StartupReview");
    assertThat(log("second")).contains("PostgreSQL runs already", "Redis runs already");

    first.destroyForcibly().waitFor();
    assertThat(postgresRuns()).isTrue();
    assertThat(redisRuns()).isTrue();

    second.destroy();
    assertThat(second.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(postgresRuns()).isFalse();
    assertThat(redisRuns()).isFalse();
  }

  @Test
  void refusesADatabaseThatIsNotThere() throws Exception {
    Process copy = launch("refused", "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none");

    assertThat(copy.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(copy.exitValue()).isEqualTo(1);
    assertThat(log("refused")).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
  }

  private Process start(String name) throws IOException, InterruptedException {
    Process copy = launch(name, "--server.port=0");
    long start = System.nanoTime();
    while (copy.isAlive() && !log(name).contains(READY)) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(START_SECONDS));
      boolean ended = copy.waitFor(100, TimeUnit.MILLISECONDS);
      assertThat(ended).as(() -> log(name)).isFalse();
    }
    return copy;
  }

  private Process launch(String name, String argument) throws IOException {
    List<String> command = ChildJvm.command(DevApplication.class, "-Dlarder.dev.folder=" + folder);
    command.add(argument);
    Process copy =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    copies.add(copy);
    return copy;
  }

  private boolean postgresRuns() throws IOException {
    Path file = folder.resolve("postgresql-18").resolve("postmaster.pid");
    return Files.exists(file) && isAlive(Files.readAllLines(file).get(0));
  }

  private boolean redisRuns() throws IOException {
    return isAlive(Files.readString(folder.resolve("redis").resolve("redis.pid")));
  }

  private static boolean isAlive(String pid) {
    return ProcessHandle.of(Long.parseLong(pid.strip())).filter(ProcessHandle::isAlive).isPresent();
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
