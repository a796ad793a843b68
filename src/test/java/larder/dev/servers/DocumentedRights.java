package larder.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rights in Redis that the operations page gives: what a test has that tries them. */
public final class DocumentedRights {

  private static final Pattern LINE = Pattern.compile("(?m)^user larder (on .*)$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private DocumentedRights() {}

  /** Returns the line of the user, without its name. */
  public static String line() throws IOException {
    return line(Path.of("src/docs/operations.md"));
  }

  private static String line(Path file) throws IOException {
    Matcher line = LINE.matcher(Files.readString(file));
    if (!line.find()) {
      throw new IllegalStateException(file + " has no line of a user");
    }
    return line.group(1);
  }

  /** Returns the line with what a feature adds. */
  public static String with(String feature) throws IOException {
    return line() + " " + of(feature);
  }

  /** Returns what a feature adds to the line. */
  public static String of(String feature) throws IOException {
    String row =
        Files.readString(Path.of("src/docs/operations.md"))
            .lines()
            .filter(one -> one.startsWith("| [" + feature + "]("))
            .findFirst()
            .orElseThrow();
    String[] cells = row.split(" \\| ", -1);
    return CODE.matcher(cells[1] + " " + cells[2])
        .results()
        .map(one -> one.group(1))
        .collect(Collectors.joining(" "));
  }

  /** Returns the rights of the user in the ready configuration. */
  public static Set<String> ready() throws IOException {
    return rights(line(Path.of("src/docs/monitoring/redis.conf")));
  }

  /** Returns what a line consists of. */
  public static Set<String> rights(String line) {
    return new TreeSet<>(List.of(line.split(" ", -1)));
  }
}
