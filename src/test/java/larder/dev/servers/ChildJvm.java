package larder.dev.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the tests in a process of its own, with the classes of this process.
 *
 * <p>Such programs start often and live shortly. Most of what they use of a processor is their
 * start: so the quick compiler, the simple collector, and no verification of byte code, which is
 * the same that this process has verified. (Class data sharing saves a little more of each start,
 * but costs as much as it saves in a dozen starts to make its archive.)
 */
public final class ChildJvm {

  private static final List<String> QUICK =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote");

  private ChildJvm() {}

  /**
   * Returns the command that starts a program, to which its arguments may be added.
   *
   * @param options more options of the JVM
   */
  public static List<String> command(Class<?> program, String... options) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(QUICK);
    words.addAll(List.of(options));
    words.add("-cp");
    words.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    words.add(program.getName());
    return words;
  }
}
