package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SourceTests {

  private final Source database = new Source("7312", 1);

  @Test
  void anyVouchesForTheLog() {
    assertThat(Source.LOG.vouchesFor(Source.LOG)).isTrue();
    assertThat(database.vouchesFor(Source.LOG)).isTrue();
  }

  @Test
  void onlyItsOwnVouchesForADatabase() {
    assertThat(database.vouchesFor(database)).isTrue();
    assertThat(new Source("7312", 2).vouchesFor(database)).isTrue();
    assertThat(new Source("9999", 1).vouchesFor(database)).isFalse();
    assertThat(Source.LOG.vouchesFor(database)).isFalse();
  }

  @Test
  void rejectsWhatARecordCannotCarry() {
    assertThatThrownBy(() -> new Source("db", -1)).hasMessageContaining("was: db/-1");
    assertThatThrownBy(() -> new Source("ä".repeat(128), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TransactionId("", 1))
        .hasMessage("The issuer of a transaction id must have 1 to 255 bytes, was: ");
    assertThatThrownBy(() -> new TransactionId("x".repeat(256), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
