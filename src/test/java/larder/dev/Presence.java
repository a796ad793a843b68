package larder.dev;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process says to the others that share a folder: that it is here, and which port it
 * claims.
 *
 * <p>All of it is said with file locks, which the operating system takes back from a process that
 * ends, however it ends. {@code turn} is held by who starts or stops the servers; {@code present}
 * is held, shared, by everybody who uses them; each byte of {@code ports} stands for the port of
 * that number.
 */
final class Presence {

  private final FileChannel turn;
  private final FileChannel present;
  private final FileChannel ports;

  Presence(Path folder) throws IOException {
    Path locks = Files.createDirectories(folder.resolve("locks"));
    this.turn = open(locks.resolve("turn"));
    this.present = open(locks.resolve("present"));
    this.ports = open(locks.resolve("ports"));
  }

  /** Does the work while no other process starts or stops the servers. */
  <T> T inTurn(Work<T> work) throws IOException {
    FileLock lock = turn.lock();
    try {
      return work.done();
    } finally {
      lock.release();
    }
  }

  /** Says that this process uses the servers, until it {@linkplain #leave leaves} or ends. */
  FileLock enter() throws IOException {
    return present.lock(0, Long.MAX_VALUE, /* shared= */ true);
  }

  /**
   * Ends {@link #enter} and returns whether nobody else is present.
   *
   * @param mine what {@code enter} returned
   */
  boolean leave(FileLock mine) throws IOException {
    mine.release();
    FileLock alone = present.tryLock();
    if (alone == null) {
      return false;
    }
    alone.release();
    return true;
  }

  /** Claims a port for as long as this process lives; false if another process has it. */
  boolean claim(int port) throws IOException {
    return ports.tryLock(port, 1, /* shared= */ false) != null;
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, CREATE, READ, WRITE);
  }

  /** Something to do to the servers. */
  @FunctionalInterface
  interface Work<T> {
    T done() throws IOException;
  }
}
