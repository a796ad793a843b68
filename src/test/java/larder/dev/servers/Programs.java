package larder.dev.servers;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * The server programs of the class path, unpacked once into a folder that later runs share.
 *
 * <p>What is unpacked gets its name only when it is whole: a run that is killed meanwhile leaves
 * nothing that a later run would take for a program, and two runs at once do not disturb each
 * other.
 *
 * @param folder where the programs are kept, each under a name that changes with its content
 * @param progress told of what takes long
 */
public record Programs(Path folder, Consumer<String> progress) {

  /** The folder below the project that tests and development share. */
  public static final Path SHARED_FOLDER = Path.of(".larder", "programs").toAbsolutePath();

  private static final String STATIC_LINUX_REDIS = "/redis-server-6.2.7-linux-386";

  /** Returns the folder that holds PostgreSQL's {@code bin}, {@code lib} and {@code share}. */
  public Path postgres() {
    try (InputStream resource = postgresArchive()) {
      byte[] archive = resource.readAllBytes();
      Path home = folder.resolve("postgresql-" + checksum(archive));
      return unpackOnce(home, "PostgreSQL", target -> untar(archive, target));
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL cannot be unpacked into " + folder, e);
    }
  }

  /**
   * Returns the Redis server program.
   *
   * <p>The one for 64-bit Linux needs OpenSSL 3; where that is missing the statically linked 32-bit
   * one takes its place.
   */
  public Path redis() {
    String resource =
        Objects.requireNonNull(
            ExecutableProvider.newProvidedVersionsMap()
                .get(OsArchitecture.detectOSandArchitecture()),
            "No Redis program for this platform on the class path");
    Path program = redis(resource);
    boolean replaceable =
        OsArchitecture.UNIX_x86_64.equals(OsArchitecture.detectOSandArchitecture());
    return !replaceable || runs(program) ? program : redis(STATIC_LINUX_REDIS);
  }

  private Path redis(String resource) {
    String name = resource.substring(1);
    try {
      return unpackOnce(folder.resolve(name), "Redis", target -> copy(resource, target))
          .resolve(name);
    } catch (IOException e) {
      throw new UncheckedIOException("Redis cannot be unpacked into " + folder, e);
    }
  }

  private static boolean runs(Path program) {
    try {
      return new ProcessBuilder(program.toString(), "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static InputStream postgresArchive() throws IOException {
    String name = System.getProperty("os.name");
    String system =
        name.startsWith("Mac") ? "Darwin" : name.startsWith("Windows") ? "Windows" : "Linux";
    String machine = System.getProperty("os.arch");
    return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
        system, machine.equals("amd64") ? "x86_64" : machine);
  }

  private static String checksum(byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    return "%08x".formatted(checksum.getValue());
  }

  private Path unpackOnce(Path home, String what, Unpacking unpacking) throws IOException {
    if (Files.isDirectory(home)) {
      return home;
    }
    Folders.deleteLeftovers(folder);
    progress.accept("Unpacking %s into %s (once)".formatted(what, folder));
    Path draft = Folders.draft(folder);
    unpacking.into(draft);
    try {
      return Files.move(draft, home, ATOMIC_MOVE);
    } catch (IOException e) {
      Folders.delete(draft);
      if (Files.isDirectory(home)) {
        return home;
      }
      throw e;
    }
  }

  private static void copy(String resource, Path target) throws IOException {
    try (InputStream in = ExecutableProvider.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is not on the class path");
      }
      Path program = target.resolve(resource.substring(1));
      Files.copy(in, program);
      makeExecutable(program);
    }
  }

  private static void untar(byte[] archive, Path target) throws IOException {
    try (var tar =
        new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
      List<TarArchiveEntry> links = new ArrayList<>();
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isSymbolicLink()) {
          links.add(entry);
        } else {
          write(tar, entry, target.resolve(entry.getName()).normalize());
        }
      }
      for (TarArchiveEntry link : links) {
        Path path = target.resolve(link.getName()).normalize();
        Files.createSymbolicLink(path, Path.of(link.getLinkName()));
      }
    }
  }

  private static void write(InputStream content, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Path parent = Objects.requireNonNull(path.getParent());
    Files.createDirectories(parent);
    Files.copy(content, path);
    if (parent.endsWith("bin")) {
      makeExecutable(path);
    }
  }

  private static void makeExecutable(Path program) throws IOException {
    if (!program.toFile().setExecutable(true, /* ownerOnly= */ false)) {
      throw new IOException(program + " cannot be made executable");
    }
  }

  /** Writes the content of one program into an empty folder. */
  @FunctionalInterface
  private interface Unpacking {
    void into(Path target) throws IOException;
  }
}
