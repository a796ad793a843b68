package larder.benchmarks.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import larder.dev.servers.TestServers;

/**
 * The processor time that processes have used. Other programs on the machine do not change how much
 * a page needs of it, as they change how long it takes.
 *
 * @param nodesMicros of the nodes that answer
 * @param serversMicros of PostgreSQL and Redis
 */
record Cpu(long nodesMicros, long serversMicros) {

  /** Returns what has been used until now. */
  static Cpu now(List<Long> nodes) throws IOException {
    Path postmaster = TestServers.postgres().data().resolve("postmaster.pid");
    long postgres = Long.parseLong(Files.readAllLines(postmaster).get(0).strip());
    return new Cpu(
        nodes.stream().mapToLong(Cpu::micros).sum(),
        micros(postgres) + micros(TestServers.redis().pid()));
  }

  private static long micros(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
        .flatMap(one -> one.info().totalCpuDuration().stream())
        .mapToLong(Duration::toNanos)
        .map(nanos -> nanos / 1_000)
        .sum();
  }

  Cpu since(Cpu before) {
    return new Cpu(nodesMicros - before.nodesMicros, serversMicros - before.serversMicros);
  }
}
