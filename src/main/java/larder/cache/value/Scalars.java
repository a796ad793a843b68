package larder.cache.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** The types of single values that nobody can change. */
public final class Scalars {

  private static final Set<Class<?>> OTHERS =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          URI.class,
          Locale.class,
          Currency.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class);

  private Scalars() {}

  /** Whether a type is primitive, one of the well-known classes, or one of {@code java.time}. */
  public static boolean include(Class<?> type) {
    return type.isPrimitive() || OTHERS.contains(type) || type.getPackageName().equals("java.time");
  }
}
