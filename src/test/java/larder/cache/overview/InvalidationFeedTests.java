package larder.cache.overview;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import larder.cache.log.Author;
import larder.cache.log.Author.Cause;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.TagNames;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.overview.FeedLine.Kind;
import org.junit.jupiter.api.Test;

class InvalidationFeedTests {

  private static final Instant NOW = Instant.parse("2026-11-21T18:00:00Z");
  private static final Author WRITER = new Author("a1", Set.of(Cause.WRITE));
  private static final Author RELAY = new Author("b2", Set.of(Cause.OUTBOX));

  private final TagNames names = new TagNames();
  private final TagWords words =
      new TagWords(names, () -> List.of("users", "users:old"), () -> List.of("public.users"));
  private final InvalidationFeed feed = new InvalidationFeed(Clock.fixed(NOW, ZoneOffset.UTC));
  private long n;

  private void applied(LogRecord record) {
    feed.applied(new Position(1, ++n), record, /* replayed= */ false);
  }

  private void applied(String... tags) {
    applied(new Invalidation(Tags.of(tags), null, WRITER));
  }

  private List<FeedLine> lines() {
    return feed.lines(words.known());
  }

  private List<String> named() {
    return lines().get(0).named();
  }

  @Test
  void namesCachesAndMappedTablesAlwaysAndOthersIfTheyWereMet() {
    applied("c:users");
    assertThat(named()).containsExactly("cache users");
    applied("t:users", "a:users");
    assertThat(named()).containsExactly("all of table users");
    applied("t:users");
    assertThat(named()).containsExactly("table users");

    applied("t:users", "t:users:42", "k:users:7", "k:users:old:1", "t:orders");
    assertThat(named()).containsExactly("table users");
    assertThat(lines().get(0).unnamed()).isEqualTo(4);
    List.of("t:users:42", "k:users:7", "k:users:old:1", "t:orders").forEach(names::note);
    assertThat(named())
        .containsExactlyInAnyOrder(
            "users row 42", "users key 7", "users:old key 1", "table orders");
    assertThat(lines().get(0).unnamed()).isZero();
  }

  @Test
  void tellsWhenAndByWhom() {
    applied("c:users");
    FeedLine line = lines().get(0);

    assertThat(line.when()).isEqualTo(NOW);
    assertThat(line.causes()).containsExactly(Cause.WRITE);
    assertThat(line.node()).isEqualTo("a1");
    assertThat(line.position()).isEqualTo(new Position(1, 1));
    applied(new Invalidation(Tags.of("c:users"), null));
    assertThat(lines().get(0).causes()).isEmpty();
    assertThat(lines().get(0).node()).isNull();
  }

  @Test
  void twoRecordsOfOneChangeAreOneLineOfWhoMadeIt() {
    TransactionId change = new TransactionId("p:db:1", 7);
    applied(new Invalidation(Tags.of("c:users"), change, WRITER));
    applied("c:users");
    applied(new Invalidation(Tags.of("t:users"), change, RELAY));
    assertThat(lines()).hasSize(2);
    assertThat(lines())
        .filteredOn(line -> line.named().size() == 2)
        .singleElement()
        .returns("a1", FeedLine::node)
        .returns(new Position(1, 1), FeedLine::position);

    TransactionId late = new TransactionId("p:db:1", 8);
    applied(new Invalidation(Tags.of("t:users"), late, RELAY));
    applied(new Invalidation(Tags.of("t:users"), late, WRITER));
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0).causes()).containsExactly(Cause.WRITE);
  }

  @Test
  void tellsWhatEndsEverything() {
    applied(Everything.RECORD);
    feed.gap(new Position(1, 1), new Position(1, 9));
    feed.newHistory(new Position(2, 0));

    assertThat(lines())
        .extracting(FeedLine::kind)
        .containsExactly(Kind.NEW_HISTORY, Kind.GAP, Kind.EVERYTHING);
  }

  @Test
  void keepsTheLastTwoHundredAndFewTagsOfEach() {
    for (int i = 0; i < 250; i++) {
      applied("c:users");
    }
    assertThat(lines()).hasSize(200);
    assertThat(lines().get(0).position().n()).isEqualTo(250);

    applied(IntStream.range(0, 100).mapToObj(i -> "k:x:" + i).toArray(String[]::new));
    assertThat(lines().get(0).unnamed()).isEqualTo(100);
  }
}
