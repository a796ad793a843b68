package larder.dev.servers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders that are filled as a draft and then renamed, and the removal of folders.
 *
 * <p>A draft is named {@code draft-<pid>-<random>}, so that a later run recognises and removes one
 * whose process is gone.
 */
final class Folders {

  private static final String DRAFT = "draft-";

  private Folders() {}

  /** Creates an empty folder below {@code parent}, for this process only. */
  static Path draft(Path parent) throws IOException {
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, DRAFT + ProcessHandle.current().pid() + "-");
  }

  /** Removes the drafts below {@code parent} whose process has ended. */
  static void deleteLeftovers(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    for (Path child : children(parent)) {
      String name = child.getFileName().toString();
      if (name.startsWith(DRAFT) && !isAlive(name)) {
        delete(child);
      }
    }
  }

  /** Removes a folder with everything in it; nothing happens if there is none. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static List<Path> children(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      return children.toList();
    }
  }

  private static boolean isAlive(String draft) {
    String pid = draft.substring(DRAFT.length(), draft.indexOf('-', DRAFT.length()));
    return ProcessHandle.of(Long.parseLong(pid)).isPresent();
  }
}
