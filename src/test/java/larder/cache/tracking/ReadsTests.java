package larder.cache.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import larder.cache.log.Tags;
import org.junit.jupiter.api.Test;

class ReadsTests {

  private final Reads reads = new Reads(/* mostRows= */ 2);

  @Test
  void rowDependsOnItselfAndOnWhatChangesAllRows() {
    reads.row("users", "42");

    assertThat(reads.tags()).isEqualTo(Tags.of("t:users:42", "a:users"));
    assertThat(reads.tables()).containsExactly("users");
  }

  @Test
  void tableReadOtherwiseDependsOnTheTableAlone() {
    reads.row("users", "42");
    reads.table("users");
    reads.row("users", "43");

    assertThat(reads.tags()).isEqualTo(Tags.of("t:users"));
  }

  @Test
  void manyRowsCollapseIntoTheirTable() {
    reads.row("users", "1");
    reads.row("users", "1");
    reads.row("users", "2");
    assertThat(reads.tags()).isEqualTo(Tags.of("t:users:1", "t:users:2", "a:users"));

    reads.row("users", "3");
    assertThat(reads.tags()).isEqualTo(Tags.of("t:users"));
  }

  @Test
  void aRowThatIsNotThereIsTheTable() {
    reads.row("users", "1");
    reads.absent("users", "42");

    assertThat(reads.tags()).isEqualTo(Tags.of("t:users"));
    assertThat(reads.tables()).containsExactly("users");
    assertThat(reads.rowCounts()).containsOnly(Map.entry("users", 0));
    reads.table("users");
    assertThat(reads.tags()).isEqualTo(Tags.of("t:users"));
  }

  @Test
  void manyRowsThatAreNotThereAreTheTableForEachValue() {
    for (int i = 0; i < 3; i++) {
      reads.absent("users", "" + i);
    }
    assertThat(reads.tags()).isEqualTo(Tags.of("t:users"));
    assertThat(reads.tagsOfPart(List.of("users"), "1")).isNull();
  }

  @Test
  void aValueMadeOfItsOwnRowDependsOnThatAndOnAllOtherTables() {
    reads.row("users", "1");
    reads.row("users", "2");
    reads.absent("users", "3");
    reads.row("towns", "1");
    reads.row("towns", "2");
    reads.table("countries");

    assertThat(reads.tagsOfPart(List.of("public.Users"), "1"))
        .isEqualTo(
            Tags.of("t:users:1", "a:users", "t:towns:1", "t:towns:2", "a:towns", "t:countries"));
    assertThat(reads.tagsOfPart(List.of("users"), "3"))
        .isEqualTo(Tags.of("t:users", "t:towns:1", "t:towns:2", "a:towns", "t:countries"));
    assertThat(reads.tagsOfPart(List.of("users", "towns"), "2"))
        .isEqualTo(Tags.of("t:users:2", "a:users", "t:towns:2", "a:towns", "t:countries"));
  }

  @Test
  void aValueWhoseRowWasNotSeenToBeReadByItsIdDependsOnEverything() {
    reads.row("users", "1");
    reads.table("countries");

    assertThat(reads.tagsOfPart(List.of(), "1")).isNull();
    assertThat(reads.tagsOfPart(List.of("users"), "2")).isNull();
    assertThat(reads.tagsOfPart(List.of("users", "towns"), "1")).isNull();
    assertThat(reads.tagsOfPart(List.of("countries"), "1")).isNull();
  }

  @Test
  void tableGoesByItsBareNameInLowerCase() {
    reads.row("public.\"Users\"", "42");
    reads.table("`shop`.`Orders`");

    assertThat(reads.tags()).isEqualTo(Tags.of("t:users:42", "a:users", "t:orders"));
  }

  @Test
  void readsBelongToTheInnermostLoadOfTheThread() {
    Reads inner = new Reads(2);
    Reads.Span outside = reads.resume();
    Reads.Span inside = inner.resume();
    assertThat(Reads.current()).isSameAs(inner);
    inside.close();
    assertThat(Reads.current()).isSameAs(reads);
    outside.close();
    assertThat(Reads.current()).isNull();
  }

  @Test
  void readingInAnotherThreadIsUnknownUnlessTheLoadIsTakenAlong() {
    reads.leavesThread();
    assertThat(reads.unknown()).containsExactly("what another thread reads");

    CompletableFuture.runAsync(() -> reads.resume().close()).join();
    assertThat(reads.unknown()).isEmpty();
  }

  @Test
  void declaredTablesStandInForWhatIsUnknown() {
    ReadTracking tracking = new ReadTracking(2, holding("teams", "7"), table -> true);
    Reads begun = tracking.begin();
    begun.unknown("JdbcTemplate");

    assertThat(tracking.conclude(begun, null).complete()).isFalse();
    Dependencies declared = tracking.conclude(begun, List.of("users"));
    assertThat(declared.complete()).isTrue();
    assertThat(declared.tags()).isEqualTo(Tags.of("t:teams:7", "a:teams", "t:users"));
  }

  @Test
  void tableThatNobodyWatchesMakesAValueIncomplete() {
    ReadTracking tracking = new ReadTracking(2, DatabaseReads.UNSEEN, "users"::equals);
    Reads begun = tracking.begin();
    begun.table("orders");

    assertThat(tracking.conclude(begun, List.of("users")).unknown())
        .containsExactly(
            "table orders, whose changes by others are not watched (larder.outbox.tables)");
  }

  private static DatabaseReads holding(String table, String id) {
    return new DatabaseReads() {
      @Override
      public void addHeld(Reads reads) {
        reads.row(table, id);
      }

      @Override
      public boolean areSeen() {
        return true;
      }
    };
  }
}
