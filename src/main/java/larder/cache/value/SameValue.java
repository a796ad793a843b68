package larder.cache.value;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a value that came back is, part by part, the value that was sent.
 *
 * <p>Containers are compared by their kind and their elements, classes of the JDK by {@code
 * equals}, every other object by its class and all its fields that are not transient. What cannot
 * be looked into, and what is nested deeper than {@value #DEEPEST} levels, counts as different.
 */
public final class SameValue {

  private static final int DEEPEST = 64;

  private final boolean anyOrder;

  private SameValue(boolean anyOrder) {
    this.anyOrder = anyOrder;
  }

  static boolean same(@Nullable Object sent, @Nullable Object back) {
    return new SameValue(/* anyOrder= */ false).same(sent, back, 0);
  }

  /**
   * Whether two values say the same: as for one that came back, but sets and maps that are equal
   * may have their elements in another order.
   */
  public static boolean saysSame(@Nullable Object a, @Nullable Object b) {
    return new SameValue(/* anyOrder= */ true).same(a, b, 0);
  }

  private boolean same(@Nullable Object a, @Nullable Object b, int depth) {
    if (a == null || b == null || depth > DEEPEST) {
      return a == null && b == null;
    } else if (a instanceof Optional<?> x) {
      return b instanceof Optional<?> y && same(x.orElse(null), y.orElse(null), depth + 1);
    } else if (a instanceof Map<?, ?> x) {
      return b instanceof Map<?, ?> y && sameMaps(x, y, depth) && sameOwnParts(a, b, depth);
    } else if (a instanceof Collection<?> x) {
      return b instanceof Collection<?> y
          && sameCollections(x, y, depth)
          && sameOwnParts(a, b, depth);
    } else if (a.getClass() != b.getClass()) {
      return false;
    } else if (a.getClass().isArray()) {
      return sameArrays(a, b, depth);
    }
    return isOpaque(a.getClass()) ? Objects.equals(a, b) : sameFields(a, b, depth);
  }

  private static boolean isOpaque(Class<?> type) {
    return type.getName().startsWith("java.") || Enum.class.isAssignableFrom(type);
  }

  private boolean sameCollections(Collection<?> a, Collection<?> b, int depth) {
    boolean sameKind =
        a instanceof List == b instanceof List
            && a instanceof Set == b instanceof Set
            && (!(a instanceof SortedSet<?> sorted) || isNatural(sorted.comparator()));
    return sameKind
        && a.size() == b.size()
        && (sameInOrder(a, b, depth) || (anyOrder && areEqualSets(a, b)));
  }

  private static boolean areEqualSets(Object a, Object b) {
    return a instanceof Set<?> x && b instanceof Set<?> y && x.equals(y);
  }

  private boolean sameInOrder(Collection<?> a, Collection<?> b, int depth) {
    Iterator<?> others = b.iterator();
    return a.stream().allMatch(element -> same(element, others.next(), depth + 1));
  }

  private boolean sameMaps(Map<?, ?> a, Map<?, ?> b, int depth) {
    boolean sameKind = !(a instanceof SortedMap<?, ?> sorted) || isNatural(sorted.comparator());
    return sameKind
        && a.size() == b.size()
        && (sameEntriesInOrder(a, b, depth) || (anyOrder && a.equals(b)));
  }

  private boolean sameEntriesInOrder(Map<?, ?> a, Map<?, ?> b, int depth) {
    return sameInOrder(a.keySet(), b.keySet(), depth) && sameInOrder(a.values(), b.values(), depth);
  }

  /** An order of one's own would be lost. */
  private static boolean isNatural(@Nullable Comparator<?> comparator) {
    return comparator == null || comparator == Comparator.naturalOrder();
  }

  private boolean sameArrays(Object a, Object b, int depth) {
    int length = Array.getLength(a);
    if (length != Array.getLength(b)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!same(Array.get(a, i), Array.get(b, i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the parts are the same that a container of a class of its own has besides elements. */
  private boolean sameOwnParts(Object a, Object b, int depth) {
    return a.getClass() != b.getClass() || sameFields(a, b, depth);
  }

  private boolean sameFields(Object a, Object b, int depth) {
    for (Class<?> c = a.getClass(); c != null && !isOpaque(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        boolean part = !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers);
        if (part && !sameField(field, a, b, depth)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean sameField(Field field, Object a, Object b, int depth) {
    try {
      field.setAccessible(true);
      return same(field.get(a), field.get(b), depth + 1);
    } catch (IllegalAccessException | RuntimeException e) {
      return false;
    }
  }
}
