package larder.cache.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which statements are {@linkplain KeyLookup queries by a key}, by their text. Thread-safe. */
public final class KeyLookups {

  private static final int LONGEST = 4_000;
  private static final int MOST_REMEMBERED = 2_000;

  private final Cache<String, Optional<KeyLookup>> lookups =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

  /** Returns a statement as a query by a key; null if it is another one, or might be. */
  public @Nullable KeyLookup of(String sql) {
    return sql.length() > LONGEST
        ? null
        : lookups.get(sql, text -> Optional.ofNullable(KeyLookup.of(text))).orElse(null);
  }
}
