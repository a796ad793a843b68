package larder.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alert rules are what Prometheus takes for rules, and fire when they should. */
class MonitoringTests {

  private static final Path FOLDER = Path.of("src/docs/monitoring");
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

  @Test
  void eachAlertFiresWhenItShouldAndOnlyThen() throws Exception {
    assertThat(promtool("test", "rules", "alerts-tests.yaml")).contains("SUCCESS");
    assertThat(alertsIn("alerts.yaml", "- alert: (\\w+)"))
        .as("alerts with a case of their own")
        .containsExactlyInAnyOrderElementsOf(
            alertsIn("alerts-tests.yaml", "alertname: (\\w+)\\n.*\\n +exp_alerts"));
  }

  @Test
  void theOperationsPageSaysOfEachAlertWhatToDo() throws IOException {
    String page = Files.readString(Path.of("src/docs/operations.md"));
    for (String alert : alertsIn("alerts.yaml", "- alert: (\\w+)")) {
      assertThat(page).contains("| `" + alert + "` |");
    }
  }

  private static List<String> alertsIn(String file, String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(FOLDER.resolve(file)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Without the program a test is skipped, and fails where {@code CI} is set. */
  private static String promtool(String... arguments) throws Exception {
    String missing = "%s is missing; apt-get install prometheus brings it".formatted(PROMTOOL);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(PROMTOOL).as(missing).isExecutable();
    }
    assumeThat(PROMTOOL.toFile().canExecute()).as(missing).isTrue();
    List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
