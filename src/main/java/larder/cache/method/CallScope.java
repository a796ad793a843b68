package larder.cache.method;

import larder.cache.CachedCall.Source;
import larder.cache.manager.CallObserver;
import org.jspecify.annotations.Nullable;

/** The cached call that a thread is answering, and where its answer came from so far. */
final class CallScope implements CallObserver {

  private static final ThreadLocal<@Nullable CallScope> CURRENT = new ThreadLocal<>();

  private final @Nullable CallScope outer;
  private volatile Source source = Source.LOADED;

  private CallScope(@Nullable CallScope outer) {
    this.outer = outer;
  }

  /** Begins a call in this thread, inside of the one that it is answering. */
  static CallScope begin() {
    CallScope scope = new CallScope(CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /** Returns the observer of the call at hand. */
  static CallObserver current() {
    CallScope scope = CURRENT.get();
    return scope == null ? CallObserver.NO_OP : scope;
  }

  @Override
  public void hit() {
    source = Source.REMOTE;
  }

  Source source() {
    return source;
  }

  /** Ends the call in this thread; its answer may still be on its way. */
  void end() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
