package larder.cache.value;

import larder.cache.Encoding;

class SmileCodecTests extends ValueCodecTests {

  SmileCodecTests() {
    super(Encoding.SMILE);
  }
}
