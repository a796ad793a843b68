package larder.cache.page;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the making of one page has asked for or done that makes it a page for one person only. */
final class Asked {

  private final Set<NotKept> reasons = new LinkedHashSet<>();

  synchronized void note(NotKept reason) {
    reasons.add(reason);
  }

  synchronized boolean has(NotKept reason) {
    return reasons.contains(reason);
  }

  /** Returns the first reason why the page is not kept; null if there is none. */
  synchronized @Nullable NotKept reason() {
    return reasons.isEmpty() ? null : reasons.iterator().next();
  }
}
