package larder.cache.warmup;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that can be made again.
 *
 * @param callee the method
 * @param arguments what it is called with
 */
record RememberedCall(Callee callee, List<@Nullable Object> arguments) {

  void make() throws Throwable {
    callee.call(arguments);
  }
}
