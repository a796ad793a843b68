package larder.cache.value;

/** What became of a value that was to be encoded. */
public sealed interface Encoded {

  /** The value as bytes: what an {@link Envelope} carries. */
  final class Bytes implements Encoded {

    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Returns the payload, not copied; empty for "not found". */
    public byte[] bytes() {
      return bytes;
    }
  }

  /**
   * A value that would not come back as it was.
   *
   * @param reason why not, as an end of the sentence "is not cached:"
   * @param tooLarge whether only its size is the matter
   */
  record Refused(String reason, boolean tooLarge) implements Encoded {

    Refused(String reason) {
      this(reason, /* tooLarge= */ false);
    }
  }
}
