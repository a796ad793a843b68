package larder.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The interleavings of announcements, reads and listeners, one by one. */
class NoticeFeedTests {

  private final NoticeCounts counts = new NoticeCounts();
  private final NoticeFeed feed = new NoticeFeed(4, counts);
  private final AtomicInteger calls = new AtomicInteger();

  private static NoticeId id(long number) {
    return number == 0 ? NoticeId.NONE : new NoticeId(1_000 + number, 0);
  }

  private static LinkedNotice notice(long number) {
    return notice(number - 1, number);
  }

  private static LinkedNotice notice(long before, long number) {
    return new LinkedNotice(id(before), new Notice(id(number), "x", "" + number));
  }

  private static StreamPart part(long last, LinkedNotice... notices) {
    return new StreamPart(id(last), List.of(notices), /* more= */ false);
  }

  /** A whole read that nothing disturbs. */
  private void read(long last, LinkedNotice... notices) {
    NoticeFeed.Read read = feed.begin();
    feed.found(read, part(last, notices), read);
  }

  private NoticeSubscription subscribe(@Nullable NoticeId after) {
    return feed.subscribe(Set.of("x"), after, calls::incrementAndGet);
  }

  /** Takes all that is there; a reset is "reset" and its position. */
  private static List<String> take(NoticeSubscription from) {
    List<String> taken = new ArrayList<>();
    Stream.iterate(from.take(), event -> event != null, unused -> from.take())
        .forEach(
            event -> taken.add(event instanceof Notice one ? one.text() : "reset " + event.id()));
    return taken;
  }

  @Test
  void announcedInOrderIsTakenInOrder() {
    read(0);
    NoticeSubscription page = subscribe(null);
    assertThat(feed.announced(notice(1))).isTrue();
    assertThat(feed.announced(notice(2))).isTrue();
    assertThat(take(page)).containsExactly("1", "2");
    assertThat(calls).hasValue(2);
  }

  @Test
  void nothingIsTakenOverBeforeTheFirstReadSaysWhereItBelongs() {
    assertThat(feed.announced(notice(1))).isFalse();
    assertThat(feed.position()).isEmpty();
    read(2, notice(1), notice(2));
    assertThat(feed.position()).contains(id(2));
  }

  /** 2 is lost on its way, 3 arrives, the read brings 2 and 3. */
  @Test
  void aLostAnnouncementHasTheStreamReadAndIsNotMissed() {
    read(0);
    NoticeSubscription page = subscribe(null);
    feed.announced(notice(1));
    assertThat(feed.announced(notice(3))).isFalse();
    assertThat(take(page)).containsExactly("1");
    read(3, notice(2), notice(3));
    assertThat(take(page)).containsExactly("2", "3");
  }

  /** The read is on its way when what it will find is announced. */
  @Test
  void aReadThatOverlapsAnnouncementsDoublesNothing() {
    read(0);
    NoticeSubscription page = subscribe(null);
    NoticeFeed.Read read = feed.begin();
    feed.announced(notice(1));
    feed.announced(notice(2));
    feed.found(read, part(1, notice(1)), read);
    assertThat(take(page)).containsExactly("1", "2");
    read(2);
    assertThat(take(page)).isEmpty();
    assertThat(feed.position()).contains(id(2));
  }

  /** The answer of the read was written before 1, and 1 overtakes it. */
  @Test
  void anAnswerThatIsOvertakenBreaksNothing() {
    read(0);
    NoticeSubscription page = subscribe(null);
    NoticeFeed.Read read = feed.begin();
    feed.announced(notice(1));
    feed.found(read, part(0), read);
    assertThat(take(page)).containsExactly("1");
  }

  @Test
  void anAnnouncementThatComesLateIsPassedOver() {
    read(0);
    NoticeSubscription page = subscribe(null);
    read(2, notice(1), notice(2));
    assertThat(feed.announced(notice(1))).isTrue();
    assertThat(feed.announced(notice(2))).isTrue();
    assertThat(take(page)).containsExactly("1", "2");
  }

  @Test
  void whoComesBackGoesOnBehindWhatTheyKnow() {
    read(3, notice(1), notice(2), notice(3));
    assertThat(take(subscribe(id(0)))).containsExactly("1", "2", "3");
    assertThat(take(subscribe(id(2)))).containsExactly("3");
    assertThat(take(subscribe(id(3)))).isEmpty();
    assertThat(take(subscribe(null))).isEmpty();
    NoticeSubscription other = feed.subscribe(Set.of("y"), id(0), calls::incrementAndGet);
    assertThat(other.position()).contains(id(0));
    assertThat(take(other)).isEmpty();
    assertThat(other.position()).contains(id(3));
  }

  /** The page has heard 2 on a node that was faster than this one. */
  @Test
  void whoKnowsMoreThanThisNodeWaitsForAReadThatBeganAfterTheyCame() {
    read(1, notice(1));
    NoticeFeed.Read old = feed.begin();
    NoticeSubscription page = subscribe(id(2));
    feed.found(old, part(1), old);
    assertThat(take(page)).isEmpty();
    assertThat(page.position()).isEmpty();
    read(3, notice(2), notice(3));
    assertThat(take(page)).containsExactly("3");
  }

  @Test
  void whatIsUnknownAfterSuchAReadIsGone() {
    read(1, notice(1));
    NoticeSubscription page = subscribe(new NoticeId(5, 5));
    assertThat(take(page)).isEmpty();
    read(2, notice(2));
    assertThat(take(page)).containsExactly("reset " + id(2));
    feed.announced(notice(3));
    assertThat(take(page)).containsExactly("3");
  }

  @Test
  void aLongReadGivesPlacesAtItsEnd() {
    NoticeSubscription page = subscribe(null);
    NoticeSubscription back = subscribe(id(1));
    NoticeFeed.Read first = feed.begin();
    feed.found(first, new StreamPart(id(3), List.of(notice(1), notice(2)), true), first);
    assertThat(take(page)).isEmpty();
    assertThat(feed.announced(notice(3))).isFalse();
    NoticeFeed.Read second = feed.begin();
    assertThat(second.after()).isEqualTo(id(2));
    feed.found(second, part(3, notice(3)), first);
    assertThat(take(page)).isEmpty();
    assertThat(take(back)).containsExactly("2", "3");
  }

  @Test
  void anEmptyRedisIsAResetForAllOnce() {
    read(2, notice(1), notice(2));
    NoticeSubscription busy = subscribe(id(1));
    NoticeSubscription idle = subscribe(null);
    read(0);
    assertThat(take(busy)).containsExactly("reset 0-0");
    assertThat(take(idle)).containsExactly("reset 0-0");
    read(0);
    feed.announced(notice(0, 7));
    assertThat(take(busy)).containsExactly("7");
    assertThat(take(idle)).containsExactly("7");
  }

  /** Emptied, and filled again before anybody looks. */
  @Test
  void anotherStreamIsAReset() {
    read(2, notice(1), notice(2));
    NoticeSubscription page = subscribe(null);
    assertThat(feed.announced(notice(0, 9))).isFalse();
    read(9, notice(0, 9));
    assertThat(take(page)).containsExactly("reset " + id(9));
  }

  /** A failover lost 2: the stream ends at 1, which is here too. */
  @Test
  void aLostEndIsAReset() {
    read(2, notice(1), notice(2));
    NoticeSubscription page = subscribe(null);
    read(1);
    assertThat(take(page)).containsExactly("reset " + id(1));
    assertThat(feed.announced(notice(1, 5))).isTrue();
    assertThat(take(page)).containsExactly("5");
  }

  /** This node slept while more was told than is kept. */
  @Test
  void aGapIsAReset() {
    read(1, notice(1));
    NoticeSubscription page = subscribe(null);
    read(9, notice(8), notice(9));
    assertThat(take(page)).containsExactly("reset " + id(9));
  }

  @Test
  void aSlowListenerIsResetAndHoldsNothing() {
    read(0);
    NoticeSubscription slow = subscribe(null);
    NoticeSubscription quick = subscribe(null);
    for (int i = 1; i <= 6; i++) {
      feed.announced(notice(i));
      assertThat(take(quick)).containsExactly("" + i);
    }
    assertThat(take(slow)).containsExactly("reset " + id(6));
    assertThat(counts.resets()).isEqualTo(1);
    assertThat(take(subscribe(id(2)))).containsExactly("3", "4", "5", "6");
  }

  /** Whoever hears nothing of their own is not slow. */
  @Test
  void aListenerOfOtherTopicsIsNotOvertaken() {
    read(0);
    NoticeSubscription other = feed.subscribe(Set.of("y"), null, calls::incrementAndGet);
    assertThat(take(other)).isEmpty();
    for (int i = 1; i <= 9; i++) {
      feed.announced(notice(i));
    }
    assertThat(calls).hasValue(0);
    assertThat(take(other)).isEmpty();
    assertThat(other.position()).contains(id(9));
    other.listenTo(Set.of("x"));
    feed.announced(notice(10));
    assertThat(take(other)).containsExactly("10");
  }

  @Test
  void otherTopicsHoldForAllThatWasNotTaken() {
    read(0);
    NoticeSubscription page = feed.subscribe(Set.of("y"), null, calls::incrementAndGet);
    feed.announced(new LinkedNotice(id(0), new Notice(id(1), "y", "change")));
    feed.announced(notice(2));
    assertThat(page.take()).isInstanceOf(Notice.class);
    page.listenTo(Set.of("x"));
    assertThat(take(page)).containsExactly("2");
  }

  /** Its topics may come to be others because of what it took last. */
  @Test
  void whoeverIsStillReadingTheLastNoticeIsNotPassedOver() {
    read(0);
    NoticeSubscription page = feed.subscribe(Set.of("y"), null, calls::incrementAndGet);
    feed.announced(new LinkedNotice(id(0), new Notice(id(1), "y", "change")));
    assertThat(page.take()).isInstanceOf(Notice.class);
    feed.announced(notice(2));
    page.listenTo(Set.of("x"));
    assertThat(take(page)).containsExactly("2");
  }

  /** A reader may begin to listen, and say to what when it has its place. */
  @Test
  void whoeverHasNotTakenAnythingYetIsNotPassedOver() {
    read(0);
    NoticeSubscription page = feed.subscribe(Set.of(), null, calls::incrementAndGet);
    feed.announced(notice(1));
    page.listenTo(Set.of("x"));
    assertThat(take(page)).containsExactly("1");
  }

  @Test
  void whoIsClosedTakesNothing() {
    read(0);
    NoticeSubscription page = subscribe(null);
    feed.announced(notice(1));
    page.close();
    assertThat(take(page)).isEmpty();
  }

  @Test
  void idsAreReadStrictly() {
    assertThat(NoticeId.parse("12-3")).contains(new NoticeId(12, 3));
    assertThat(
            Stream.of("", "12", "-1-0", "a-b", "1-2-3", " 1-2", "1-2\n", "9".repeat(19) + "-0")
                .map(NoticeId::parse))
        .allMatch(java.util.Optional::isEmpty);
    assertThat(NoticeId.parse(null)).isEmpty();
    assertThat(id(1)).isLessThan(id(2)).isGreaterThan(new NoticeId(1_000, 9));
  }
}
