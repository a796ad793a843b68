package larder.writebehind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.regex.Pattern;

/** An entry of a stream as it was read: bytes that are not trusted. */
final class Entry {

  private static final Pattern EPOCH = Pattern.compile("[0-9a-f]{32}");
  private static final byte[] NOTHING = {};

  private final StreamId id;
  private final byte[] mark;
  private final byte[] payload;

  private Entry(StreamId id, byte[] mark, byte[] payload) {
    this.id = id;
    this.mark = mark;
    this.payload = payload;
  }

  /**
   * @param fields names and values in turn
   */
  static Entry of(StreamId id, List<?> fields) {
    return new Entry(id, field(fields, "e"), field(fields, "p"));
  }

  private static byte[] field(List<?> fields, String name) {
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (text((byte[]) fields.get(i)).equals(name)) {
        return (byte[]) fields.get(i + 1);
      }
    }
    return NOTHING;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  StreamId id() {
    return id;
  }

  /** Returns what stands where the epoch should be. */
  byte[] mark() {
    return mark;
  }

  /** Returns the epoch; empty if the entry was not written by a script of ours. */
  String epoch() {
    String epoch = mark.length == 32 ? text(mark) : "";
    return EPOCH.matcher(epoch).matches() ? epoch : "";
  }

  byte[] payload() {
    return payload;
  }
}
