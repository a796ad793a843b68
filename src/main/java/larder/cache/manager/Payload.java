package larder.cache.manager;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value and its encoded form. */
final class Payload {

  final @Nullable Object value;
  final byte[] bytes;

  Payload(@Nullable Object value, byte[] bytes) {
    this.value = value;
    this.bytes = bytes;
  }

  boolean isNotFound() {
    return bytes.length == 0 || (value instanceof Optional<?> optional && optional.isEmpty());
  }
}
