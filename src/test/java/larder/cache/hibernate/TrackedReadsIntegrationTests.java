package larder.cache.hibernate;

import static larder.cache.hibernate.ShopDatabase.tags;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.EntityGraph;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import larder.cache.hibernate.Shop.Account;
import larder.cache.hibernate.Shop.Animal;
import larder.cache.hibernate.Shop.Article;
import larder.cache.hibernate.Shop.Car;
import larder.cache.hibernate.Shop.CodedCrate;
import larder.cache.hibernate.Shop.CountedPallet;
import larder.cache.hibernate.Shop.Coupon;
import larder.cache.hibernate.Shop.Crate;
import larder.cache.hibernate.Shop.Dog;
import larder.cache.hibernate.Shop.Guessed;
import larder.cache.hibernate.Shop.LineId;
import larder.cache.hibernate.Shop.Maker;
import larder.cache.hibernate.Shop.Offer;
import larder.cache.hibernate.Shop.OrderLine;
import larder.cache.hibernate.Shop.Pallet;
import larder.cache.hibernate.Shop.Passport;
import larder.cache.hibernate.Shop.Person;
import larder.cache.hibernate.Shop.Priced;
import larder.cache.hibernate.Shop.Product;
import larder.cache.hibernate.Shop.ProductNames;
import larder.cache.hibernate.Shop.ProductView;
import larder.cache.hibernate.Shop.Team;
import larder.cache.hibernate.Shop.Vehicle;
import larder.cache.tracking.Reads;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which rows and tables a load depends on, by how it reads. */
@SuppressWarnings("try") // a span is opened to be closed
class TrackedReadsIntegrationTests {

  private static final UUID OFFER = UUID.fromString("0b7f8f3e-2c53-4b1c-9d5c-2f1a6d0e9a11");
  private static final UUID ORPHAN = UUID.fromString("c2a5f7b0-6f0f-4a52-8a0e-5a0a3f6f0c22");

  private static ShopDatabase shop;

  @BeforeAll
  static void open() {
    shop = ShopDatabase.open(Map.of());
    shop.given(
        entities -> {
          Maker maker = new Maker(7, "Oak");
          entities.persist(maker);
          Product table = new Product(1, "table", maker);
          table.labels.add("new");
          entities.persist(table);
          entities.persist(new Product(2, "chair", null));
          entities.persist(new Offer(OFFER, maker));
          entities.persist(new Offer(ORPHAN, null));
          Person ann = new Person("ann");
          entities.persist(ann);
          entities.persist(new Person("bob"));
          entities.persist(new Passport(5, ann));
          Team team = new Team(3);
          team.members.add(ann);
          entities.persist(team);
          entities.persist(new Dog(11, "roll"));
          entities.persist(new Car(12));
          entities.persist(new Account(13, "long"));
          entities.persist(new Priced(14));
          entities.persist(new Article(15));
          entities.persist(new OrderLine(new LineId(1, 2)));
          entities.persist(new Coupon("Ten"));
        });
    shop.sql("insert into guessed (id) values (16)");
    shop.sql("insert into crate (id, code, weight) values (17, 'A-17', 3)");
    shop.sql("insert into pallet (id) values (18)");
  }

  private static Reads reads(Function<EntityManager, @Nullable Object> load) {
    return shop.reads(load);
  }

  private static void depends(Reads reads, String... on) {
    assertThat(reads.unknown()).isEmpty();
    assertThat(reads.tags()).as("tags of what was read in %s", reads.tables()).isEqualTo(tags(on));
  }

  @Test
  void byIdLoadDependsOnItsRow() {
    depends(reads(entities -> entities.find(Product.class, 1L)), "product:1");
  }

  @Test
  void byIdLoadUnderALockDependsOnItsRow() {
    depends(
        reads(entities -> entities.find(Product.class, 1L, LockModeType.PESSIMISTIC_WRITE)),
        "product:1");
  }

  @Test
  void textAndUuidIdsAreToldAsTheDatabaseWritesThem() {
    depends(reads(entities -> entities.find(Offer.class, OFFER)), "offer:" + OFFER, "maker:7");
    depends(reads(entities -> entities.find(Passport.class, 5L)), "passport:5");
  }

  @Test
  void notFoundDependsOnTheTable() {
    depends(reads(entities -> entities.find(Product.class, 99L)), "product");
  }

  @Test
  void initialisedReferenceDependsOnItsRow() {
    depends(
        reads(entities -> entities.getReference(Product.class, 1L).name + unproxied(entities)),
        "product:1");
  }

  private static Object unproxied(EntityManager entities) {
    return Hibernate.unproxy(entities.getReference(Product.class, 1L));
  }

  @Test
  void referenceThatIsNotInitialisedDependsOnNothing() {
    depends(reads(entities -> entities.getReference(Product.class, 1L)));
  }

  @Test
  void lazyToOneDependsOnItsRow() {
    depends(
        reads(entities -> Hibernate.unproxy(entities.find(Product.class, 1L).maker)),
        "product:1",
        "maker:7");
  }

  @Test
  void eagerToOneDependsOnItsRow() {
    depends(reads(entities -> entities.find(Offer.class, OFFER)), "offer:" + OFFER, "maker:7");
  }

  @Test
  void eagerToOneThatIsNotThereDependsOnItsTable() {
    depends(reads(entities -> entities.find(Offer.class, ORPHAN)), "offer:" + ORPHAN, "maker");
  }

  @Test
  void inverseOneToOneDependsOnItsTable() {
    depends(reads(entities -> entities.find(Person.class, "ann")), "person:ann", "passport");
    depends(reads(entities -> entities.find(Person.class, "bob")), "person:bob", "passport");
  }

  @Test
  void eagerCollectionDependsOnItsTables() {
    depends(
        reads(entities -> entities.find(Team.class, 3L)),
        "team:3",
        "team_person",
        "person",
        "passport");
  }

  @Test
  void lazyCollectionsDependOnTheirTables() {
    depends(
        reads(entities -> entities.find(Product.class, 1L).labels.size()),
        "product:1",
        "product_labels");
    depends(reads(entities -> entities.find(Maker.class, 7).products.size()), "maker:7", "product");
  }

  @Test
  void loadsBySeveralIdsDependOnTheirRows() {
    depends(
        reads(entities -> session(entities).findMultiple(Product.class, List.of(1L, 2L))),
        "product:1",
        "product:2");
  }

  @Test
  void loadsBySeveralIdsOfWhichOneIsMissingDependOnTheTable() {
    depends(
        reads(entities -> session(entities).findMultiple(Product.class, List.of(1L, 98L))),
        "product");
  }

  @Test
  void refreshDependsOnTheRow() {
    depends(
        reads(
            entities -> {
              Product product = entities.find(Product.class, 2L);
              entities.refresh(product);
              return product;
            }),
        "product:2");
  }

  @Test
  void joinedInheritanceGoesByItsRootTable() {
    depends(reads(entities -> entities.find(Dog.class, 11L)), "animal:11");
    depends(reads(entities -> entities.find(Animal.class, 11L)), "animal:11");
  }

  @Test
  void secondaryTablesGoByTheRootTable() {
    depends(reads(entities -> entities.find(Account.class, 13L)), "account:13");
  }

  @Test
  void tablePerClassDependsOnTheTables() {
    depends(reads(entities -> entities.find(Car.class, 12L)), "car", "vehicle");
    depends(reads(entities -> entities.find(Vehicle.class, 12L)), "car", "vehicle");
  }

  @Test
  void formulaMakesTheTableCount() {
    depends(reads(entities -> entities.find(Priced.class, 14L)), "priced", "product");
    depends(
        reads(entities -> entities.createQuery("from Priced").getResultList()),
        "priced",
        "product");
  }

  @Test
  void formulaThatCallsAnUnknownFunctionIsUnknown() {
    assertThat(reads(entities -> entities.find(Guessed.class, 16L)).unknown())
        .anyMatch(what -> what.contains("my_own_function"));
  }

  @Test
  void restrictionMakesTheTableCount() {
    depends(reads(entities -> entities.find(Article.class, 15L)), "article");
  }

  @Test
  void compositeAndConvertedIdsDependOnTheTable() {
    depends(reads(entities -> entities.find(OrderLine.class, new LineId(1, 2))), "order_line");
    depends(reads(entities -> entities.find(Coupon.class, "Ten")), "coupon");
  }

  /** Who writes it through one entity does not know by which id the other one was read. */
  @Test
  void aRowThatGoesByTwoIdsDependsOnTheTable() {
    depends(reads(entities -> entities.find(Crate.class, 17L)), "crate");
    depends(reads(entities -> entities.find(CodedCrate.class, "A-17")), "crate");
  }

  @Test
  void aRowOfTwoEntitiesThatGoesByOneIdIsARow() {
    depends(reads(entities -> entities.find(Pallet.class, 18L)), "pallet:18");
    depends(reads(entities -> entities.find(CountedPallet.class, 18L)), "pallet", "maker");
  }

  @Test
  void queryDependsOnItsTables() {
    depends(
        reads(
            entities ->
                entities
                    .createQuery("from Product p join fetch p.maker where p.id = 1")
                    .getResultList()),
        "product",
        "maker");
  }

  @Test
  void projectionDependsOnItsTables() {
    depends(
        reads(entities -> entities.createQuery("select p.name from Product p").getResultList()),
        "product");
    depends(
        reads(entities -> entities.createQuery("select count(o) from Offer o").getResultList()),
        "offer");
  }

  @Test
  void queryOfASubclassDependsOnItsTables() {
    depends(
        reads(entities -> entities.createQuery("select count(d) from Dog d").getResultList()),
        "dog",
        "animal");
  }

  @Test
  void criteriaDependOnTheirTables() {
    depends(
        reads(
            entities -> {
              var query = entities.getCriteriaBuilder().createQuery(Maker.class);
              query.from(Maker.class);
              return entities.createQuery(query).getResultList();
            }),
        "maker");
  }

  @Test
  void queryWithACommonTableExpressionDependsOnItsTables() {
    depends(
        reads(
            entities ->
                entities
                    .createQuery(
                        "with few as (select p.id as id from Product p) select f.id from few f")
                    .getResultList()),
        "product");
  }

  @Test
  void entityGraphDependsOnTheTablesItFetches() {
    depends(
        reads(
            entities -> {
              EntityGraph<Product> graph = entities.createEntityGraph(Product.class);
              graph.addAttributeNodes("labels");
              return entities.find(
                  Product.class, 1L, Map.of("jakarta.persistence.fetchgraph", graph));
            }),
        "product:1",
        "product_labels");
  }

  @Test
  void nativeScalarQueryNamesItsTables() {
    depends(
        reads(
            entities ->
                entities
                    .createNativeQuery(
                        """
                        with named as (select id, name from product where name like 't%')
                        select n.name, (select count(*) from offer) from named n
                        left join maker m on m.id = n.id
                        union all select p.name, 0 from maker p join team on true,
                        (values ('x')) as v
                        """)
                    .getResultList()),
        "product",
        "offer",
        "maker",
        "team");
  }

  @Test
  void nativeEntityQueryNamesItsTables() {
    depends(
        reads(
            entities ->
                entities
                    .createNativeQuery(
                        "select p.* from product p join maker m on m.id = p.maker_id where p.id = ?1",
                        Product.class)
                    .setParameter(1, 1L)
                    .getResultList()),
        "product",
        "maker");
  }

  @Test
  void nativeQueryThatCallsAnUnknownFunctionIsUnknown() {
    Reads reads =
        reads(
            entities -> entities.createNativeQuery("select my_own_function(4711)").getResultList());
    assertThat(reads.unknown())
        .singleElement()
        .satisfies(what -> assertThat(what).startsWith("native query: ").doesNotContain("4711"));
  }

  @Test
  void nativeQueryThatIsNotUnderstoodIsUnknown() {
    Reads reads =
        reads(
            entities ->
                entities
                    .createNativeQuery(
                        "select * from xmltable('/a' passing '<a>secret</a>' columns b text path '.') q, rows from (generate_series(1,2)) w")
                    .getResultList());
    assertThat(reads.unknown())
        .singleElement()
        .satisfies(what -> assertThat(what).startsWith("native query: ").doesNotContain("secret"));
  }

  @Test
  void declaredQuerySpacesAreTrusted() {
    depends(
        reads(
            entities ->
                entities
                    .createNativeQuery("select my_own_function(1)")
                    .unwrap(org.hibernate.query.NativeQuery.class)
                    .addSynchronizedQuerySpace("product")
                    .getResultList()),
        "product");
  }

  @Test
  void viewsAreUnknown() {
    assertThat(reads(entities -> entities.find(ProductView.class, 1L)).unknown()).isNotEmpty();
    assertThat(
            reads(
                    entities ->
                        entities.createNativeQuery("select name from product_view").getResultList())
                .unknown())
        .isNotEmpty();
  }

  @Test
  void entityMappedToAQueryDependsOnTheTablesOfTheQuery() {
    depends(reads(entities -> entities.find(ProductNames.class, 1L)), "product");
    depends(
        reads(entities -> entities.createQuery("from ProductNames").getResultList()), "product");
  }

  @Test
  void entityAlreadyInTheContextCountsAsRead() {
    Reads reads = new Reads(100);
    shop.transactions.executeWithoutResult(
        status -> {
          Product held = shop.entities.find(Product.class, 1L);
          assertThat(held.labels).hasSize(1);
          shop.entities.find(Person.class, "bob");
          try (Reads.Span span = reads.resume()) {
            shop.contents.addHeld(reads);
          }
        });
    depends(reads, "product:1", "product_labels", "person:bob", "passport");
  }

  @Test
  void findThatTheContextAnswersCountsAsRead() {
    Reads reads = new Reads(100);
    shop.transactions.executeWithoutResult(
        status -> {
          shop.entities.find(Product.class, 1L);
          try (Reads.Span span = reads.resume()) {
            shop.entities.find(Product.class, 1L);
          }
        });
    depends(reads, "product:1");
  }

  @Test
  void statelessSessionIsFollowed() {
    Reads reads = new Reads(100);
    try (StatelessSession session = shop.sessions().openStatelessSession();
        Reads.Span span = reads.resume()) {
      session.get(Offer.class, OFFER);
      session.createQuery("select name from Product", String.class).getResultList();
    }
    depends(reads, "offer:" + OFFER, "maker:7", "product");
  }

  @Test
  void statelessLoadBySeveralIdsDependsOnTheRows() {
    Reads reads = new Reads(100);
    try (StatelessSession session = shop.sessions().openStatelessSession();
        Reads.Span span = reads.resume()) {
      session.getMultiple(Product.class, List.of(1L, 2L));
    }
    depends(reads, "product:1", "product:2");
  }

  @Test
  void moreRowsThanTheLimitBecomeTheTable() {
    Reads reads = new Reads(1);
    try (Session session = shop.sessions().openSession();
        Reads.Span span = reads.resume()) {
      session.find(Product.class, 1L);
      session.find(Product.class, 2L);
    }
    depends(reads, "product");
  }

  @Test
  void scrolledAndStreamedQueriesDependOnTheirTables() {
    depends(
        reads(
            entities ->
                session(entities).createQuery("from Maker", Maker.class).getResultStream().count()),
        "maker");
    depends(
        reads(
            entities -> {
              try (var rows = session(entities).createQuery("from Maker", Maker.class).scroll()) {
                return rows.next();
              }
            }),
        "maker");
  }

  private static Session session(EntityManager entities) {
    return entities.unwrap(Session.class);
  }
}
