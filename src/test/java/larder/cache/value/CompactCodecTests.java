package larder.cache.value;

import larder.cache.Encoding;

class CompactCodecTests extends ValueCodecTests {

  CompactCodecTests() {
    super(Encoding.COMPACT);
  }
}
