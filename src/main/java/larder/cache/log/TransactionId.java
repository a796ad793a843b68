package larder.cache.log;

/**
 * The identity of one committed change, by which records of the same change are known as such.
 *
 * <p>A record carries it only when it is known that the change was visible before the record was
 * appended.
 *
 * @param issuer who numbers: a database with its timeline, or one run of a node
 * @param number the number, unique within the issuer
 */
public record TransactionId(String issuer, long number) {

  /** Longest issuer, in bytes of UTF-8, that a record can carry. */
  static final int MAX_ISSUER_BYTES = 255;

  /** Rejects an issuer that a record cannot carry. */
  public TransactionId {
    if (issuer.isEmpty() || ShortText.encode(issuer).length > MAX_ISSUER_BYTES) {
      throw new IllegalArgumentException(
          "The issuer of a transaction id must have 1 to 255 bytes, was: " + issuer);
    }
  }
}
