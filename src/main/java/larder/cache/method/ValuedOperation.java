package larder.cache.method;

import java.lang.reflect.Method;
import java.lang.reflect.Type;

/** An operation whose cache holds values of another type than its method returns. */
public interface ValuedOperation {

  /** Returns the type of the values, of a method as a class has it. */
  Type valueType(Method method, Class<?> target);
}
