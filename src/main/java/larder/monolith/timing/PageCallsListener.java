package larder.monolith.timing;

import larder.cache.CachedCall;
import larder.cache.CachedCallListener;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Collects the cached calls of the request that the current thread is answering. */
@Component
class PageCallsListener implements CachedCallListener {

  private static final ThreadLocal<@Nullable PageCalls> CURRENT = new ThreadLocal<>();

  void start(PageCalls calls) {
    CURRENT.set(calls);
  }

  void stop() {
    CURRENT.remove();
  }

  @Override
  public void answered(CachedCall call) {
    PageCalls calls = CURRENT.get();
    if (calls != null) {
      calls.add(call);
    }
  }
}
