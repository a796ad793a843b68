package larder.cache.transaction;

import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The persistence contexts that Spring has bound to a thread, which may show what the database no
 * longer says.
 */
public interface PersistenceContexts {

  /** For applications without JPA. */
  PersistenceContexts NONE =
      new PersistenceContexts() {
        @Override
        public Origin earliest(Origin now) {
          return now;
        }

        @Override
        public boolean isClean() {
          return true;
        }
      };

  /**
   * Returns the earliest of an origin and of those at which the open contexts of this thread began;
   * null if one of those is not known.
   */
  @Nullable Origin earliest(Origin now);

  /**
   * Whether all that the open contexts of this thread show is what they have read; false if
   * something in them was changed, added or removed, or if that is not known. Takes time with the
   * number of entities. Changes nothing, never throws.
   */
  boolean isClean();
}
