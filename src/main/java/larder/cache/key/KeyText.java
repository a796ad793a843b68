package larder.cache.key;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * The text of a cache key: readable, the same in every process, and different for different keys.
 *
 * <table>
 *   <caption>Forms</caption>
 *   <tr><th>key</th><th>text</th></tr>
 *   <tr><td>{@code 42L}, {@code 42}</td><td>{@code 42}</td></tr>
 *   <tr><td>{@code "ada"}</td><td>{@code ada}</td></tr>
 *   <tr><td>{@code "42"}, {@code ""}, {@code "a b"}</td><td>in quotes</td></tr>
 *   <tr><td>a UUID</td><td>bare</td></tr>
 *   <tr><td>no arguments; several</td><td>{@code ()}; {@code (ada,2)}</td></tr>
 *   <tr><td>lists and arrays, sets, maps</td><td>{@code [1,2]}, {@code Set[1,2]}, {@code Map[a=1]}</td></tr>
 *   <tr><td>enums, dates, other scalars</td><td>{@code Role(ADMIN)}, {@code LocalDate(2026-01-31)}</td></tr>
 *   <tr><td>records, Spring Data's pageables</td><td>{@code Box(width=1,depth=2)}</td></tr>
 * </table>
 *
 * <p>Whole numbers of different types are one key: {@code 42} and {@code 42L} name the same thing
 * in every program that means well. Classes are told apart by their simple names. A text over
 * {@value #LONGEST} characters is cut and ends in its SHA-256.
 */
public final class KeyText {

  private static final int LONGEST = 200;
  private static final int KEPT = 100;
  private static final int DEEPEST = 16;
  private static final Pattern BARE = Pattern.compile("[A-Za-z_@][A-Za-z0-9_@.+-]*");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Set<String> WORDS = Set.of("null", "true", "false");
  private static final Set<Class<?>> WHOLE_NUMBERS =
      Set.of(Byte.class, Short.class, Integer.class, Long.class, java.math.BigInteger.class);
  private static final Set<Class<?>> FIXED_NUMBERS =
      Set.of(Byte.class, Short.class, Integer.class, Long.class);
  private static final Set<Class<?>> STABLE_SCALARS =
      Set.of(
          Double.class,
          Float.class,
          java.math.BigDecimal.class,
          Character.class,
          Class.class,
          java.util.Currency.class);

  private KeyText() {}

  /**
   * Returns the text of a key; empty if the key has none that is sure to be the same for equal keys
   * everywhere, as with an object of a class that is no record.
   */
  public static Optional<String> of(Object key) {
    try {
      return Optional.of(shortened(text(key, 0)));
    } catch (NoStableText e) {
      return Optional.empty();
    }
  }

  /** Whether a key is of a common kind that can never change, and so always has the same text. */
  static boolean isFixed(@Nullable Object key) {
    if (key instanceof SimpleKey several && params(several) instanceof Object[] parts) {
      return Stream.of(parts).allMatch(part -> part == null || isFixedScalar(part));
    }
    return key != null && isFixedScalar(key);
  }

  private static boolean isFixedScalar(Object key) {
    return key instanceof String
        || key instanceof Boolean
        || key instanceof UUID
        || key instanceof Enum
        || FIXED_NUMBERS.contains(key.getClass());
  }

  private static String text(@Nullable Object key, int depth) {
    if (key == null || key instanceof Boolean) {
      return String.valueOf(key);
    } else if (key instanceof CharSequence text) {
      return quotedUnlessBare(text.toString());
    } else if (key instanceof UUID || WHOLE_NUMBERS.contains(key.getClass())) {
      return key.toString();
    } else if (depth > DEEPEST) {
      throw new NoStableText();
    }
    return composite(key, depth + 1);
  }

  private static String composite(Object key, int depth) {
    if (key instanceof SimpleKey simpleKey && params(simpleKey) instanceof Object[] params) {
      return joined("(", Stream.of(params), depth, ")");
    } else if (key instanceof Optional<?> optional) {
      return joined("Optional(", optional.stream(), depth, ")");
    } else if (key instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> text(e.getKey(), depth) + "=" + text(e.getValue(), depth))
          .sorted()
          .collect(Collectors.joining(",", "Map[", "]"));
    } else if (key instanceof Set<?> set) {
      return set.stream()
          .map(element -> text(element, depth))
          .sorted()
          .collect(Collectors.joining(",", "Set[", "]"));
    } else if (key instanceof List<?> list) {
      return joined("[", list.stream(), depth, "]");
    } else if (key.getClass().isArray()) {
      return joined("[", elements(key), depth, "]");
    }
    return scalarOrFields(key, depth);
  }

  private static String scalarOrFields(Object key, int depth) {
    Class<?> type = key.getClass();
    if (key instanceof Enum<?> constant) {
      return constant.getDeclaringClass().getSimpleName() + "(" + constant.name() + ")";
    } else if (key instanceof Locale locale) {
      return "Locale(" + quotedIfNeeded(complete(locale)) + ")";
    } else if (isStableScalar(type)) {
      return type.getSimpleName() + "(" + quotedIfNeeded(key.toString()) + ")";
    } else if (!isValueClass(type)) {
      throw new NoStableText();
    }
    return fields(type)
        .map(field -> field.getName() + "=" + text(value(field, key), depth))
        .collect(Collectors.joining(",", type.getSimpleName() + "(", ")"));
  }

  private static boolean isStableScalar(Class<?> type) {
    return STABLE_SCALARS.contains(type) || type.getPackageName().equals("java.time");
  }

  /** Returns a locale's text, which leaves out parts of a locale without language and country. */
  private static String complete(Locale locale) {
    String text = locale.toString();
    return text.isEmpty() ? locale.toLanguageTag().replace("und", "") : text;
  }

  /** Whether two instances are equal just when all their fields are. */
  private static boolean isValueClass(Class<?> type) {
    return type.isRecord() || type.getPackageName().equals("org.springframework.data.domain");
  }

  private static Stream<Field> fields(Class<?> type) {
    if (type == Object.class) {
      return Stream.empty();
    }
    return Stream.concat(
        fields(type.getSuperclass()),
        Stream.of(type.getDeclaredFields())
            .filter(f -> !Modifier.isStatic(f.getModifiers()))
            .filter(f -> !Modifier.isTransient(f.getModifiers())));
  }

  private static @Nullable Object value(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException | RuntimeException e) {
      throw new NoStableText();
    }
  }

  /** Returns the arguments that Spring's key keeps in its only field that is not transient. */
  private static @Nullable Object params(SimpleKey key) {
    return value(fields(SimpleKey.class).findFirst().orElseThrow(NoStableText::new), key);
  }

  private static Stream<@Nullable Object> elements(Object array) {
    return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i));
  }

  private static String joined(String open, Stream<?> parts, int depth, String close) {
    Function<@Nullable Object, String> text = part -> text(part, depth);
    return parts.map(text).collect(Collectors.joining(",", open, close));
  }

  private static String quotedUnlessBare(String text) {
    boolean bare =
        BARE.matcher(text).matches() && !WORDS.contains(text) && !UUID_FORM.matcher(text).matches();
    return bare ? text : quoted(text);
  }

  private static String quotedIfNeeded(String text) {
    return text.chars().anyMatch(c -> "()[],=\"\\".indexOf(c) >= 0 || c < ' ')
        ? quoted(text)
        : text;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || Character.isSurrogate((char) c)) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  private static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return text.substring(0, KEPT) + "~" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Says that a part of a key has no stable text. */
  private static final class NoStableText extends RuntimeException {

    NoStableText() {
      super(null, null, false, false);
    }
  }
}
