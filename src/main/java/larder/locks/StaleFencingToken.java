package larder.locks;

/** A write was refused, since a later owner of its lock has written already. */
public final class StaleFencingToken extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StaleFencingToken(FencingToken token) {
    super(
        "Lock '%s': a later owner than number %d has written; this write is refused"
            .formatted(token.name(), token.number()));
  }
}
