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
  PLAIN_SQL
}
