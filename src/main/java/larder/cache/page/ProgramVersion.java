package larder.cache.page;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.system.ApplicationHome;

/**
 * Tells the programs apart that make pages, so that a node never sends the page of another program:
 * its templates may say something else, and its style sheets may have another address.
 *
 * <p>Unless it is set it is the checksum of the file that the program was started from; of a
 * folder, of the names, sizes and times of the files in it. Of a program of which neither is known
 * each process is like no other.
 */
final class ProgramVersion {

  private static final Logger log = LoggerFactory.getLogger(ProgramVersion.class);

  private static final String OF_PROCESS = UUID.randomUUID().toString();

  private final String set;
  private volatile @Nullable String known;

  /**
   * @param set what is set; empty for what the program's file says
   */
  ProgramVersion(String set) {
    this.set = set;
  }

  /** Returns the version; the first call reads the program's file. */
  String text() {
    String text = known;
    if (text == null) {
      text = set.isEmpty() ? computed() : set.replaceAll("\\s", "_");
      known = text;
    }
    return text;
  }

  private static synchronized String computed() {
    File source = new ApplicationHome().getSource();
    try {
      return source == null ? OF_PROCESS : Long.toHexString(checksum(source.toPath()));
    } catch (IOException | UncheckedIOException e) {
      log.info("Pages are not shared with other nodes, since {} cannot be read", source, e);
      return OF_PROCESS;
    }
  }

  static long checksum(Path source) throws IOException {
    CRC32 checksum = new CRC32();
    if (Files.isRegularFile(source)) {
      try (InputStream in = new CheckedInputStream(Files.newInputStream(source), checksum)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
    } else {
      try (Stream<Path> files = Files.walk(source)) {
        files.filter(Files::isRegularFile).sorted().forEach(file -> add(checksum, source, file));
      }
    }
    return checksum.getValue();
  }

  private static void add(CRC32 checksum, Path folder, Path file) {
    try {
      String text =
          folder.relativize(file)
              + " "
              + Files.size(file)
              + " "
              + Files.getLastModifiedTime(file).toMillis();
      checksum.update(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
