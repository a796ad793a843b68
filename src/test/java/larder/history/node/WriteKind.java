package larder.history.node;

/** The ways of raising a stamp. */
public enum WriteKind {
  /** A service method with {@code @CacheEvict}. */
  ANNOTATED,
  /** A changed entity, without a word about caches. */
  FORGETFUL,
  /** A JPQL update of several rows. */
  BULK,
  /** A native update through Hibernate. */
  NATIVE,
  /** Another program on a connection of its own. */
  PLAIN_SQL;

  /** Whether the layer can only know that any row of the table may have changed. */
  boolean isWide() {
    return this == BULK || this == NATIVE;
  }
}
