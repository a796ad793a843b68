package larder.cache.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A key that was used of late: its name, and what somebody has put beside it to find it at once.
 * Thread-safe.
 *
 * @param <V> what is put beside it
 */
public final class RecentKey<V> {

  private static final VarHandle HELD = held(MethodHandles.lookup());

  private final Object key;
  private final int version;
  private final String name;
  private volatile @Nullable V held;
  private boolean used; // a hint, which may come late to other threads

  RecentKey(Object key, int version, String name) {
    this.key = key;
    this.version = version;
    this.name = name;
  }

  private static VarHandle held(MethodHandles.Lookup lookup) {
    try {
      return lookup.findVarHandle(RecentKey.class, "held", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Whether this is a key under a version, which then counts as used. */
  boolean isUsedAs(Object other, int wanted) {
    boolean same = version == wanted && key.equals(other);
    if (same && !used) {
      used = true;
    }
    return same;
  }

  /** Whether it was used since this was asked before, or since it was made. */
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns what is beside it; null if nothing is. */
  public @Nullable V held() {
    return held;
  }

  /** Puts something beside it, in place of what was there. */
  public void hold(V value) {
    held = value;
  }

  /** Takes away what is beside it, if it is this very object. */
  public void release(V value) {
    HELD.compareAndSet(this, value, null);
  }
}
