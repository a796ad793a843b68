package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import larder.cache.log.service.LogService;
import larder.cache.session.SessionPosition;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person who wrote on one node sees it on the other, also while news does not reach that one. */
class SessionsIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.separateRedis());

  private final AtomicReference<@Nullable String> session = new AtomicReference<>();

  @SuppressWarnings("NullAway.Init")
  private Node writer;

  @SuppressWarnings("NullAway.Init")
  private Node reader;

  @BeforeEach
  void startNodes() {
    Map<String, String> settings =
        Map.of("spring.application.name", "sessions-tests", "larder.max-staleness", "20s");
    writer = FLEET.start(settings).awaitCurrent();
    reader = FLEET.start(settings).awaitCurrent();
  }

  @AfterEach
  void stopNodes() {
    FLEET.close();
  }

  @Test
  void personReadsPastTheCachesOfANodeThatHasNotHeardOfTheirWrite() {
    long id = cachedOnBothNodes();
    deaf(reader);
    request(() -> writer.items().write(id, "new"));

    assertThat(reader.items().find(id).text()).as("somebody else").isEqualTo("old");
    assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("new");
    assertThat(request(() -> reader.items().find(id)).text()).as("again").isEqualTo("new");
  }

  @Test
  void nodeThatHasTheWriteAnswersFromItsCaches() {
    long id = cachedOnBothNodes();
    request(() -> writer.items().write(id, "new"));
    reader.awaitAllOf(writer);
    reader.items().find(id);
    int reads = reader.hooks().reads(id);

    assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("new");
    assertThat(reader.hooks().reads(id)).isEqualTo(reads);
  }

  @Test
  void writeOfWhichNobodyKnowsWhereItStandsIsReadPastUntilTheNodeIsCurrentSince() {
    long id = cachedOnBothNodes();
    deaf(reader);
    session.set("?lost");
    FLEET.changeUnseen(id, "new");
    assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("new");
    FLEET.changeUnseen(id, "newer");
    assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("newer");

    reader.bean(LogService.class).start();
    await().until(() -> !request(() -> isReadPast(id)));
  }

  @Test
  void writeWhoseNewsTimedOutIsSeenByItsPersonOnEitherNode() {
    long id = cachedOnBothNodes();
    deaf(reader);
    FLEET.redis().suspend();
    try {
      request(() -> writer.items().write(id, "new"));
      assertThat(session.get()).as("where the write stands is not known").startsWith("?");
      assertThat(reader.items().find(id).text()).as("somebody else").isEqualTo("old");
      assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("new");
      assertThat(request(() -> writer.items().find(id)).text()).isEqualTo("new");
    } finally {
      FLEET.redis().resume();
    }
    assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("new");
    assertThat(request(() -> writer.items().find(id)).text()).isEqualTo("new");
  }

  @Test
  void positionOfAnotherHistoryIsReadPastUntilTheNodeIsCurrentSince() {
    long id = cachedOnBothNodes();
    deaf(reader);
    session.set("17-4");
    FLEET.changeUnseen(id, "new");
    assertThat(request(() -> reader.items().find(id)).text()).isEqualTo("new");

    reader.bean(LogService.class).start();
    await().until(() -> !request(() -> isReadPast(id)));
  }

  private boolean isReadPast(long id) {
    int reads = reader.hooks().reads(id);
    reader.items().find(id);
    reader.items().find(id);
    return reader.hooks().reads(id) == reads + 2;
  }

  private long cachedOnBothNodes() {
    long id = FLEET.newItem("old");
    assertThat(writer.items().find(id).text()).isEqualTo("old");
    await()
        .until(
            () -> {
              int reads = reader.hooks().reads(id);
              reader.items().find(id);
              return reader.hooks().reads(id) == reads;
            });
    return id;
  }

  private static void deaf(Node node) {
    node.bean(LogService.class).stop();
  }

  private void request(Runnable handler) {
    request(
        () -> {
          handler.run();
          return true;
        });
  }

  /** Answers a request of the person, whose session goes on to the next. */
  private <T> T request(Supplier<T> handler) {
    new SessionPosition(session.get(), session::set).bind();
    try {
      return handler.get();
    } finally {
      SessionPosition.unbind();
    }
  }
}
