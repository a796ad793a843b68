package larder.writebehind;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;
import larder.redis.Keyspace;

/**
 * One of the streams of a buffer: writes of one key are always in the same.
 *
 * <p>There are always {@value #COUNT}: with another number keys would change their streams.
 *
 * @param buffer the name of the buffer
 * @param number from 0
 */
record Partition(String buffer, int number) {

  static final int COUNT = 8;

  /** Returns the partition of a key. */
  static int of(String key) {
    CRC32 sum = new CRC32();
    sum.update(key.getBytes(UTF_8));
    return (int) (sum.getValue() % COUNT);
  }

  /** Returns how its keys in Redis begin. */
  String prefix(Keyspace keyspace) {
    return keyspace.together(buffer + "." + number) + "behind";
  }
}
