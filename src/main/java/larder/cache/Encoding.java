package larder.cache;

import org.springframework.util.ClassUtils;

/**
 * How the values of a cache are written as bytes.
 *
 * <p>Each entry says how it was written, so that nodes which write differently read each other's
 * entries. Whatever the encoding, the bytes choose no class: values are read as the type that the
 * annotated method declares.
 */
public enum Encoding {

  /** JSON in which every part has its name: anybody can read it. */
  JSON(""),

  /**
   * JSON in which a record is an array of its components and an instant a number: the type says the
   * names. It takes fewer bytes than {@link #JSON}, and is read in less time.
   */
  COMPACT(""),

  /**
   * As {@link #COMPACT}, in the binary format Smile: bytes are kept as bytes and numbers in less.
   * Needs {@code tools.jackson.dataformat:jackson-dataformat-smile} on the class path.
   */
  SMILE("tools.jackson.dataformat.smile.SmileMapper");

  private final boolean available;

  Encoding(String library) {
    this.available =
        library.isEmpty() || ClassUtils.isPresent(library, Encoding.class.getClassLoader());
  }

  /** Whether the library that it needs is there. */
  public boolean isAvailable() {
    return available;
  }
}
