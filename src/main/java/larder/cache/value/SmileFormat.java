package larder.cache.value;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.smile.SmileFactory;
import tools.jackson.dataformat.smile.SmileMapper;
import tools.jackson.dataformat.smile.SmileWriteFeature;

/** The binary format, apart from all else, since its library may be missing. */
final class SmileFormat {

  private SmileFormat() {}

  /** Returns a new mapper, in which bytes take a byte each. */
  static ObjectMapper create() {
    SmileFactory factory =
        SmileFactory.builder().disable(SmileWriteFeature.ENCODE_BINARY_AS_7BIT).build();
    return FieldMapper.compact(SmileMapper.builder(factory)).build();
  }
}
