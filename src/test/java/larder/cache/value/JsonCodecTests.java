package larder.cache.value;

import larder.cache.Encoding;

class JsonCodecTests extends ValueCodecTests {

  JsonCodecTests() {
    super(Encoding.JSON);
  }
}
