package larder.cache.transaction;

import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The persistence contexts that are open in a thread, which may show what the database no longer
 * says.
 */
@FunctionalInterface
public interface PersistenceContexts {

  /** For applications without JPA. */
  PersistenceContexts NONE = now -> now;

  /**
   * Returns the earliest of an origin and of those at which the open contexts of this thread began;
   * null if one of those is not known.
   */
  @Nullable Origin earliest(Origin now);
}
