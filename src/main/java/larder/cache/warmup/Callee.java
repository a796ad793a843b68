package larder.cache.warmup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A method of a bean whose calls may be made by anybody at any time.
 *
 * @param bean the bean's name
 * @param proxy the bean, with the advice around its methods
 * @param method the method, as the proxy has it
 * @param caches the caches that its annotations name and that are switched on
 */
record Callee(String bean, Object proxy, Method method, Set<String> caches) {

  /** Calls the method as any caller of the bean would; throws what it throws. */
  void call(List<@Nullable Object> arguments) throws Throwable {
    try {
      var unused = method.invoke(proxy, arguments.toArray());
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
