package larder.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import larder.dev.servers.TestServers;
import org.redisson.Redisson;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.SpringVersion;

/** What the figures were measured on: processor, Java, servers and libraries. */
final class Machine {

  private Machine() {}

  /** Returns it as one sentence of Markdown. */
  static String described() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d processors (%s), %s %s, Java %s, Redis %s on the same machine; Spring %s, Spring Boot %s, Redisson %s, Caffeine %s, Lettuce %s.",
        Runtime.getRuntime().availableProcessors(),
        processor(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System.getProperty("java.vm.version"),
        redis(),
        SpringVersion.getVersion(),
        SpringBootVersion.getVersion(),
        version(Redisson.class),
        version(Caffeine.class),
        version(RedisClient.class));
  }

  private static String processor() throws IOException {
    Path told = Path.of("/proc/cpuinfo");
    return Files.isReadable(told) ? after("model name", Files.readString(told)) : "not told";
  }

  private static String redis() {
    return after("redis_version", TestServers.redis().command("INFO", "server"));
  }

  private static String after(String name, String text) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("not told");
  }

  /** Returns the version of a library, from the name of the file that it came in. */
  private static String version(Class<?> type) {
    String file =
        Stream.of(type.getProtectionDomain().getCodeSource().getLocation().getPath().split("/"))
            .reduce("", (any, last) -> last);
    return Arrays.stream(file.replace(".jar", "").split("-"))
        .filter(part -> Character.isDigit(part.charAt(0)))
        .findFirst()
        .orElse(file);
  }
}
