package larder.history.node;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import larder.cache.CachedCall.Source;

/**
 * What a node tells the checker, as bytes through the process's standard output.
 *
 * <p>Each record is one byte of kind and then, big-endian:
 *
 * <ul>
 *   <li>{@code hello}: the node's clock, 8 bytes
 *   <li>{@code read}: kind, source (1 byte each), begin, end (8 each), rows
 *   <li>{@code returned}, {@code finished}: kind (1), instant (8), rows
 *   <li>{@code failed}: 1 byte, 1 for a write
 *   <li>{@code stuck}: nothing
 * </ul>
 *
 * Rows are their number (1 byte), then id (4) and stamp (8) of each. Instants are of {@link
 * System#nanoTime}, which on Linux is CLOCK_MONOTONIC: one clock for all processes of a machine.
 * The checker compares the {@code hello} of each process with its own clock, so another clock is
 * noticed. A killed process leaves what it had flushed, and at most one record cut short at the
 * end, which is passed over. Thread-safe.
 */
public final class Journal {

  private static final int HELLO = 1;
  private static final int READ = 2;
  private static final int RETURNED = 3;
  private static final int FINISHED = 4;
  private static final int FAILED = 5;
  private static final int STUCK = 6;
  private static final int BUFFER = 1 << 15;

  private static final List<ReadKind> READ_KINDS = List.of(ReadKind.values());
  private static final List<WriteKind> WRITE_KINDS = List.of(WriteKind.values());
  private static final List<Source> SOURCES = List.of(Source.values());

  private final DataOutputStream out;

  Journal(OutputStream out) {
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
  }

  /** Hears what a node tells, in its order. */
  public interface Listener {

    /** The node runs, and its clock says this. */
    void hello(long nanos);

    /** A read was answered. */
    void read(ReadKind kind, Source source, long begin, long end, List<Stamped> rows);

    /** A writer's call returned. */
    void returned(WriteKind kind, long nanos, List<Stamped> rows);

    /** A write is finished: from now on the bound counts. */
    void finished(WriteKind kind, long nanos, List<Stamped> rows);

    /** A read or a write ended with an exception. */
    void failed(boolean write);

    /** A writer stands between its commit and its append, and will not go on. */
    void stuck();
  }

  synchronized void hello(long nanos) {
    put(HELLO, () -> out.writeLong(nanos));
    flush();
  }

  synchronized void read(ReadKind kind, Source source, long begin, long end, List<Stamped> rows) {
    put(
        READ,
        () -> {
          out.writeByte(READ_KINDS.indexOf(kind));
          out.writeByte(SOURCES.indexOf(source));
          out.writeLong(begin);
          out.writeLong(end);
          write(rows);
        });
  }

  synchronized void returned(WriteKind kind, long nanos, List<Stamped> rows) {
    put(RETURNED, kind, nanos, rows);
  }

  synchronized void finished(WriteKind kind, long nanos, List<Stamped> rows) {
    put(FINISHED, kind, nanos, rows);
  }

  synchronized void failed(boolean write) {
    put(FAILED, () -> out.writeBoolean(write));
  }

  synchronized void stuck() {
    put(STUCK, () -> {});
    flush();
  }

  synchronized void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("The checker is gone", e);
    }
  }

  private void put(int type, WriteKind kind, long nanos, List<Stamped> rows) {
    put(
        type,
        () -> {
          out.writeByte(WRITE_KINDS.indexOf(kind));
          out.writeLong(nanos);
          write(rows);
        });
    flush();
  }

  private void write(List<Stamped> rows) throws IOException {
    out.writeByte(rows.size());
    for (Stamped row : rows) {
      out.writeInt(row.id());
      out.writeLong(row.stamp());
    }
  }

  private void put(int type, Body body) {
    try {
      out.writeByte(type);
      body.write();
    } catch (IOException e) {
      throw new UncheckedIOException("The checker is gone", e);
    }
  }

  /** Writes the fields of one record. */
  @FunctionalInterface
  private interface Body {
    void write() throws IOException;
  }

  /** Tells a listener all that a node tells, until the node ends. */
  public static void listen(InputStream bytes, Listener listener) throws IOException {
    DataInputStream in = new DataInputStream(bytes);
    try {
      while (true) {
        next(in, listener);
      }
    } catch (EOFException e) {
      // The node has ended, perhaps within a record.
    }
  }

  private static void next(DataInputStream in, Listener listener) throws IOException {
    int type = in.readByte();
    switch (type) {
      case HELLO -> listener.hello(in.readLong());
      case READ ->
          listener.read(
              READ_KINDS.get(in.readByte()),
              SOURCES.get(in.readByte()),
              in.readLong(),
              in.readLong(),
              rows(in));
      case RETURNED -> listener.returned(WRITE_KINDS.get(in.readByte()), in.readLong(), rows(in));
      case FINISHED -> listener.finished(WRITE_KINDS.get(in.readByte()), in.readLong(), rows(in));
      case FAILED -> listener.failed(in.readBoolean());
      case STUCK -> listener.stuck();
      default -> throw new IOException("A node's journal has no record of kind " + type);
    }
  }

  private static List<Stamped> rows(DataInputStream in) throws IOException {
    int count = in.readByte();
    List<Stamped> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(new Stamped(in.readInt(), in.readLong()));
    }
    return rows;
  }
}
