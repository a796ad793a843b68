package larder.cache.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session shows is what it has read, until the application changes something in it. */
class ManagedEntitiesIntegrationTests {

  private static final AtomicLong IDS = new AtomicLong();
  private static EntityManagerFactory factory;

  private EntityManager entities;
  private long id;
  private long other;

  @BeforeAll
  static void start() {
    Database database = TestServers.freshDatabase();
    factory =
        new HibernatePersistenceConfiguration("entities")
            .managedClasses(Shelf.class, Box.class)
            .property("jakarta.persistence.jdbc.url", database.url())
            .property("jakarta.persistence.jdbc.user", database.user())
            .property("jakarta.persistence.jdbc.password", database.password())
            .property("hibernate.hbm2ddl.auto", "create")
            .property("hibernate.generate_statistics", "true")
            .createEntityManagerFactory();
    try (EntityManager first = factory.createEntityManager()) {
      ManagedEntities.observe(first);
    }
  }

  @AfterAll
  static void stop() {
    factory.close();
  }

  @BeforeEach
  void open() {
    id = newShelf();
    other = newShelf();
    entities = factory.createEntityManager();
  }

  @AfterEach
  void close() {
    entities.close();
  }

  private static long newShelf() {
    Shelf shelf = new Shelf();
    shelf.id = IDS.incrementAndGet();
    Box box = new Box();
    box.id = shelf.id;
    box.shelf = shelf;
    shelf.boxes.add(box);
    shelf.words.add("word");
    shelf.parts.add(new Part());
    try (EntityManager writer = factory.createEntityManager()) {
      writer.getTransaction().begin();
      writer.persist(shelf);
      writer.getTransaction().commit();
    }
    return shelf.id;
  }

  /** A change of a loaded shelf that readers of the same session would be shown. */
  private interface Change extends BiConsumer<EntityManager, Shelf> {}

  static Stream<Named<Change>> changes() {
    return Stream.of(
        change("a property", (session, shelf) -> shelf.name = "changed"),
        change("to null", (session, shelf) -> shelf.name = null),
        change("a property that is never updated", (session, shelf) -> shelf.fixed = "changed"),
        change("inside of a value", (session, shelf) -> shelf.bytes[0] = 7),
        change("inside of a value never updated", (session, shelf) -> shelf.seal[0] = 7),
        change("a part", (session, shelf) -> shelf.part.text = "changed"),
        change("a to-one", (session, shelf) -> shelf.neighbour = shelf),
        change("an element more", (session, shelf) -> shelf.words.add("more")),
        change("another list", (session, shelf) -> shelf.words = new ArrayList<>()),
        change("inside of an element", (session, shelf) -> shelf.parts.get(0).text = "changed"),
        change("a child less", (session, shelf) -> shelf.boxes.clear()),
        change("a child's own", (session, shelf) -> shelf.boxes.get(0).label = "changed"),
        change("a child more, unread", (session, shelf) -> shelf.boxes.add(new Box())),
        change("removed", (session, shelf) -> session.remove(shelf)),
        change("a new one", (session, shelf) -> session.persist(fresh())));
  }

  private static Named<Change> change(String name, Change change) {
    return Named.of(name, change);
  }

  private static Box fresh() {
    Box box = new Box();
    box.id = -IDS.incrementAndGet();
    return box;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeIsSeen(Change change) {
    assertChangeIsSeen(change);
  }

  /** As in a read-only transaction: Hibernate keeps no former state. */
  @ParameterizedTest
  @MethodSource("changes")
  void aChangeOfWhatWasReadOnlyIsSeen(Change change) {
    entities.unwrap(Session.class).setDefaultReadOnly(true);
    assertChangeIsSeen(change);
  }

  private void assertChangeIsSeen(Change change) {
    Shelf shelf = entities.find(Shelf.class, id);
    for (Shelf read : List.of(shelf, entities.find(Shelf.class, other))) {
      assertThat(read.words).hasSize(1);
      assertThat(read.boxes).singleElement().extracting(box -> box.shelf).isSameAs(read);
    }
    assertThat(ManagedEntities.areAsRead(entities)).isTrue();

    change.accept(entities, shelf);

    assertThat(ManagedEntities.areAsRead(entities)).isFalse();
  }

  @Test
  void asManyLooksAsOneLikesReadAndWriteNothing() {
    Shelf shelf = entities.find(Shelf.class, id);
    entities.createQuery("select b from Box b", Box.class).getResultList();
    shelf.name = "changed";
    var statistics = factory.unwrap(SessionFactory.class).getStatistics();
    long statements = statistics.getPrepareStatementCount();

    for (int i = 0; i < 3; i++) {
      assertThat(ManagedEntities.areAsRead(entities)).isFalse();
    }
    assertThat(statistics.getPrepareStatementCount()).isEqualTo(statements);
    assertThat(shelf.name).isEqualTo("changed");
  }

  @Test
  void whatIsNotLoadedYetIsAsRead() {
    Shelf reference = entities.getReference(Shelf.class, id);
    assertThat(ManagedEntities.areAsRead(entities)).isTrue();
    assertThat(reference.name()).isEqualTo("name");
    assertThat(ManagedEntities.areAsRead(entities)).isTrue();
  }

  @Test
  void whatIsRefreshedOrForgottenIsAsReadAgain() {
    for (boolean readOnly : new boolean[] {false, true}) {
      entities.unwrap(Session.class).setDefaultReadOnly(readOnly);
      Shelf shelf = entities.find(Shelf.class, id);
      shelf.name = "changed";
      assertThat(ManagedEntities.areAsRead(entities)).isFalse();
      entities.refresh(shelf);
      assertThat(ManagedEntities.areAsRead(entities)).as("refreshed").isTrue();
      shelf.name = "changed";
      entities.clear();
      assertThat(ManagedEntities.areAsRead(entities)).as("forgotten").isTrue();
    }
  }

  /** Hibernate forgets the former state. */
  @Test
  void whatBecameReadOnlyLaterIsNotKnown() {
    Shelf shelf = entities.find(Shelf.class, id);
    shelf.name = "changed";
    entities.unwrap(Session.class).setReadOnly(shelf, true);

    assertThat(ManagedEntities.areAsRead(entities)).isFalse();
  }

  /** Nor does Hibernate, which has nothing to write for them. */
  @Test
  void ofPartsThatWereReadOnlyItIsNotKnown() {
    assertThat(entities.find(Shelf.class, id).parts).hasSize(1);
    assertThat(ManagedEntities.areAsRead(entities)).isTrue();
    entities.clear();
    entities.unwrap(Session.class).setDefaultReadOnly(true);
    assertThat(entities.find(Shelf.class, id).parts).hasSize(1);
    assertThat(ManagedEntities.areAsRead(entities)).isFalse();
  }

  /** Hibernate takes the state at that moment for what was read. */
  @Test
  void whatIsReadOnlyNoLongerIsStillComparedWithWhatWasRead() {
    entities.unwrap(Session.class).setDefaultReadOnly(true);
    Shelf shelf = entities.find(Shelf.class, id);
    shelf.name = "changed";
    entities.unwrap(Session.class).setReadOnly(shelf, false);

    assertThat(ManagedEntities.areAsRead(entities)).isFalse();
  }

  @Test
  void whatWasWrittenIsAsRead() {
    entities.getTransaction().begin();
    entities.find(Shelf.class, id).name = "changed";
    entities.flush();

    assertThat(ManagedEntities.areAsRead(entities)).isTrue();
    entities.getTransaction().commit();
    assertThat(ManagedEntities.areAsRead(entities)).isTrue();
  }

  /** An entity with something of each kind. */
  @Entity(name = "Shelf")
  static class Shelf {

    @Id private long id;
    private @Nullable String name = "name";

    @Column(updatable = false)
    private String fixed = "fixed";

    private byte[] bytes = {1, 2};

    @Column(updatable = false)
    private byte[] seal = {1, 2};

    private Part part = new Part();
    @ManyToOne private @Nullable Shelf neighbour;
    @ElementCollection private List<String> words = new ArrayList<>();
    @ElementCollection private List<Part> parts = new ArrayList<>();

    @OneToMany(mappedBy = "shelf", cascade = CascadeType.ALL)
    private List<Box> boxes = new ArrayList<>();

    @Nullable String name() {
      return name;
    }
  }

  /** An entity of another. */
  @Entity(name = "Box")
  static class Box {

    @Id private long id;
    private String label = "label";
    @ManyToOne private @Nullable Shelf shelf;
  }

  /** A value that can be changed. */
  @Embeddable
  static class Part {

    private String text = "text";
  }
}
