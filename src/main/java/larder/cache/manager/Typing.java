package larder.cache.manager;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.cache.value.ValueType;
import larder.cache.value.ValueType.Level;
import larder.cache.value.ValueTypes;
import org.jspecify.annotations.Nullable;

/** Chooses the type under which a value is written and read. */
interface Typing {

  /** Returns the type to write a value as. */
  ValueType toWrite(@Nullable Object value);

  /** Returns the type to read an entry with this fingerprint as; null if it is not known. */
  @Nullable ValueType toRead(long fingerprint);

  /** Whether nothing of the kind is ever cached, so that Redis need not be asked. */
  default boolean isHopeless() {
    return false;
  }

  /** Returns a name that differs for those who cannot share a value. */
  default String flight() {
    return "";
  }

  /**
   * The typing of one annotated method: its declared type, and nothing else.
   *
   * @param type the type that the method declares
   */
  record Declared(ValueType type) implements Typing {

    @Override
    public ValueType toWrite(@Nullable Object value) {
      return type;
    }

    @Override
    public @Nullable ValueType toRead(long fingerprint) {
      return fingerprint == type.fingerprint() ? type : null;
    }

    @Override
    public String flight() {
      return Long.toHexString(type.fingerprint());
    }

    @Override
    public boolean isHopeless() {
      return type.soundness().level() == Level.UNSOUND;
    }
  }

  /**
   * The typing of callers who name no type: a value is written as the type that the cache's methods
   * declare, if just one fits, else as its own class; an entry is read if its type is one of those,
   * or was written here. Thread-safe.
   */
  final class Known implements Typing {

    private final ValueTypes types;
    private final Supplier<Collection<ValueType>> declared;
    private final Map<Long, ValueType> written = new ConcurrentHashMap<>();

    /**
     * @param declared gives the types that the cache's annotated methods declare
     */
    Known(ValueTypes types, Supplier<Collection<ValueType>> declared) {
      this.types = types;
      this.declared = declared;
    }

    @Override
    public ValueType toWrite(@Nullable Object value) {
      Class<?> type = value == null ? Object.class : value.getClass();
      var fitting =
          declared.get().stream()
              .filter(d -> value == null || d.java().isTypeOrSuperTypeOf(type))
              .toList();
      ValueType chosen = fitting.size() == 1 ? fitting.get(0) : types.of(type);
      written.put(chosen.fingerprint(), chosen);
      return chosen;
    }

    @Override
    public @Nullable ValueType toRead(long fingerprint) {
      return declared.get().stream()
          .filter(type -> type.fingerprint() == fingerprint)
          .findFirst()
          .orElseGet(() -> written.get(fingerprint));
    }
  }
}
