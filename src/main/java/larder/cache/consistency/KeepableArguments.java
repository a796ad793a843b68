package larder.cache.consistency;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import larder.cache.value.Scalars;
import org.jspecify.annotations.Nullable;

/**
 * Tells which arguments say the same however much later they are used: null, texts, numbers, enums,
 * ids, the classes of {@code java.time}, and records and optionals of nothing else.
 *
 * <p>All others, such as lists and entities, may be changed by their owner at any time.
 */
final class KeepableArguments {

  private static final int DEEPEST = 8;

  private KeepableArguments() {}

  static boolean areAll(@Nullable Object[] arguments) {
    for (Object argument : arguments) {
      if (!isOne(argument, 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOne(@Nullable Object argument, int depth) {
    if (argument == null || Scalars.include(argument.getClass())) {
      return true;
    } else if (argument instanceof Optional<?> optional) {
      return depth < DEEPEST && isOne(optional.orElse(null), depth + 1);
    } else if (argument instanceof Record whole) {
      return depth < DEEPEST && areParts(whole, depth + 1);
    }
    return argument instanceof Enum<?>;
  }

  private static boolean areParts(Record whole, int depth) {
    try {
      for (RecordComponent part : whole.getClass().getRecordComponents()) {
        part.getAccessor().setAccessible(true);
        if (!isOne(part.getAccessor().invoke(whole), depth)) {
          return false;
        }
      }
      return true;
    } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
      return false;
    }
  }
}
