package larder.topologies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;

/**
 * The Redis program that Debian's package {@code redis-server} brings, which knows TLS and is a
 * sentinel too.
 */
public final class DebianRedis {

  private static final Path PROGRAM = Path.of("/usr/bin/redis-server");

  private DebianRedis() {}

  /** Returns the program. Without it a test is skipped, and fails where {@code CI} is set. */
  public static Path program() {
    String missing = "%s is missing; apt-get install redis-server brings it".formatted(PROGRAM);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(PROGRAM).as(missing).isExecutable();
    }
    assumeThat(PROGRAM.toFile().canExecute()).as(missing).isTrue();
    return PROGRAM;
  }
}
