package larder.cache.transaction;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.EntityEntryExtraState;
import org.hibernate.engine.spi.Status;
import org.hibernate.event.spi.EventSource;
import org.hibernate.event.spi.PostLoadEvent;
import org.hibernate.event.spi.PostLoadEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.TypeHelper;
import org.jspecify.annotations.Nullable;

/**
 * The state that entities were loaded with, kept on the session's own entries where Hibernate does
 * not keep all of it: for those that are read only, and for values that it never updates but that
 * can be changed inside.
 */
final class LoadedState {

  private LoadedState() {}

  /** Returns what an entity was loaded with, or last written with; null if that is not known. */
  static @Nullable Object @Nullable [] of(EntityEntry entry) {
    Kept extra = entry.getExtraState(Kept.class);
    Loaded kept = extra == null ? null : extra.loaded;
    @Nullable Object[] known = entry.getLoadedState();
    if (kept == null || kept.readOnly || known == null) {
      return kept == null ? known : kept.state;
    }
    @Nullable Object[] before = known.clone();
    for (int i = 0; i < before.length; i++) {
      if (isUnchecked(entry.getPersister(), i)) {
        before[i] = kept.state[i];
      }
    }
    return before;
  }

  /** Whether Hibernate does not notice a change inside of a property's value. */
  private static boolean isUnchecked(EntityPersister persister, int property) {
    return !persister.getPropertyCheckability()[property]
        && persister.getPropertyTypes()[property].isMutable();
  }

  /** The state that an entity was loaded with, where Hibernate does not keep all of it. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Loaded(@Nullable Object[] state, boolean readOnly) {}

  /** What an entity was loaded with, last. */
  private static final class Kept implements EntityEntryExtraState {

    private Loaded loaded;
    private @Nullable EntityEntryExtraState next;

    Kept(Loaded loaded) {
      this.loaded = loaded;
    }

    @Override
    public void addExtraState(EntityEntryExtraState extraState) {
      if (next == null) {
        next = extraState;
      } else {
        next.addExtraState(extraState);
      }
    }

    @Override
    public <T extends EntityEntryExtraState> @Nullable T getExtraState(Class<T> type) {
      if (next == null) {
        return null;
      }
      return type.isInstance(next) ? type.cast(next) : next.getExtraState(type);
    }
  }

  /** Keeps what entities are loaded with. */
  static final class Loading implements PostLoadEventListener {

    private static final long serialVersionUID = 1L;

    @Override
    public void onPostLoad(PostLoadEvent event) {
      EventSource session = event.getSession();
      EntityEntry entry = session.getPersistenceContextInternal().getEntry(event.getEntity());
      if (entry == null) {
        return;
      }
      EntityPersister persister = entry.getPersister();
      boolean readOnly = entry.getStatus() == Status.READ_ONLY;
      if (readOnly
          || IntStream.range(0, persister.getPropertyTypes().length)
              .anyMatch(i -> isUnchecked(persister, i))) {
        @Nullable Object[] state = persister.getValues(event.getEntity());
        boolean[] all = new boolean[state.length];
        Arrays.fill(all, true);
        TypeHelper.deepCopy(state, persister.getPropertyTypes(), all, state, session);
        keep(entry, new Loaded(state, readOnly));
      }
    }

    private static void keep(EntityEntry entry, Loaded loaded) {
      Kept kept = entry.getExtraState(Kept.class);
      if (kept == null) {
        entry.addExtraState(new Kept(loaded));
      } else {
        kept.loaded = loaded;
      }
    }
  }
}
