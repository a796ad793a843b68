package larder.cache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import larder.cache.hibernate.Shop.Account;
import larder.cache.hibernate.Shop.CodedCrate;
import larder.cache.hibernate.Shop.Coupon;
import larder.cache.hibernate.Shop.Crate;
import larder.cache.hibernate.Shop.Dog;
import larder.cache.hibernate.Shop.Maker;
import larder.cache.hibernate.Shop.Offer;
import larder.cache.hibernate.Shop.Product;
import larder.cache.hibernate.Shop.Remark;
import larder.cache.tracking.MappedTable;
import org.hibernate.Session;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which rows and tables a transaction changes, by how it writes. */
class TrackedWritesIntegrationTests {

  private static final ShopDatabase SHOP = ShopDatabase.open(Map.of());

  @BeforeEach
  void fill() {
    SHOP.sql(
        "truncate product, product_labels, maker, offer, remark, animal, dog, account,"
            + " account_detail, coupon cascade");
    SHOP.given(
        entities -> {
          Maker maker = new Maker(7, "Oak");
          entities.persist(maker);
          entities.persist(new Product(1, "table", maker));
          entities.persist(new Product(2, "chair", null));
        });
  }

  @Test
  void insertUpdateAndDeleteNameTheirRows() {
    assertThat(SHOP.writes(entities -> entities.persist(new Product(3, "lamp", null))))
        .contains("product:3");
    assertThat(SHOP.writes(entities -> entities.find(Product.class, 1L).name = "desk"))
        .containsExactly("product:1");
    assertThat(SHOP.writes(entities -> entities.remove(entities.find(Product.class, 2L))))
        .contains("product:2");
  }

  @Test
  void uuidIdsAreToldAsTheDatabaseWritesThem() {
    UUID id = UUID.randomUUID();
    assertThat(SHOP.writes(entities -> entities.persist(new Offer(id, null))))
        .containsExactly("offer:" + id);
  }

  @Test
  void readingWritesNothing() {
    assertThat(
            SHOP.writes(
                entities -> {
                  entities.find(Product.class, 1L);
                  entities.createQuery("from Maker").getResultList();
                  entities.createNativeQuery("select count(*) from offer").getResultList();
                }))
        .isEmpty();
  }

  @Test
  void collectionChangeNamesItsTableAndItsOwner() {
    assertThat(SHOP.writes(entities -> entities.find(Product.class, 1L).labels.add("new")))
        .contains("product_labels", "product:1");
    assertThat(SHOP.writes(entities -> entities.find(Product.class, 1L).labels.clear()))
        .contains("product_labels", "product:1");
  }

  @Test
  void orphanRemovalNamesTheOrphan() {
    assertThat(SHOP.writes(entities -> entities.find(Maker.class, 7).products.clear()))
        .contains("product:1");
  }

  @Test
  void versionIncrementNamesTheRow() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities.find(Product.class, 1L, LockModeType.OPTIMISTIC_FORCE_INCREMENT)))
        .contains("product:1");
    assertThat(
            SHOP.writes(
                entities ->
                    entities.find(Product.class, 1L, LockModeType.PESSIMISTIC_FORCE_INCREMENT)))
        .contains("product:1");
  }

  @Test
  void versionIncrementByALockOrAQueryIsNamed() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities.lock(
                        entities.find(Product.class, 1L), LockModeType.OPTIMISTIC_FORCE_INCREMENT)))
        .contains("product:1");
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createQuery("from Product p where p.id = 1", Product.class)
                        .setLockMode(LockModeType.OPTIMISTIC_FORCE_INCREMENT)
                        .getResultList()))
        .contains("product");
  }

  @Test
  void joinedInheritanceNamesTheRootRowAndEachTable() {
    assertThat(SHOP.writes(entities -> entities.persist(new Dog(11, "roll"))))
        .contains("animal:11", "dog:11");
  }

  @Test
  void secondaryTablesAreNamedWithTheRootRow() {
    assertThat(SHOP.writes(entities -> entities.persist(new Account(13, "long"))))
        .contains("account:13", "account_detail:13");
  }

  @Test
  void convertedIdsNameTheTable() {
    assertThat(SHOP.writes(entities -> entities.persist(new Coupon("Ten"))))
        .containsExactly("coupon");
  }

  @Test
  void aRowThatGoesByTwoIdsIsToldAsTheTable() {
    SHOP.sql("delete from crate");
    SHOP.sql("insert into crate (id, code, weight) values (17, 'A-17', 3)");
    assertThat(SHOP.writes(entities -> entities.find(CodedCrate.class, "A-17").weight = 4))
        .containsExactly("crate");
    assertThat(SHOP.writes(entities -> entities.remove(entities.find(Crate.class, 17L))))
        .containsExactly("crate");
  }

  @Test
  void deleteNamesTheTablesThatTheDatabaseCascadesTo() {
    SHOP.given(entities -> entities.persist(new Remark(1, entities.find(Product.class, 1L))));
    assertThat(SHOP.writes(entities -> entities.remove(entities.find(Product.class, 1L))))
        .contains("product:1", "remark");
  }

  @Test
  void bulkUpdateNamesAllRows() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities.createQuery("update Product p set p.name = 'x'").executeUpdate()))
        .contains("product")
        .doesNotContain("product:1");
  }

  @Test
  void bulkDeleteNamesAllRows() {
    assertThat(SHOP.writes(entities -> entities.createQuery("delete from Product").executeUpdate()))
        .contains("product", "product_labels", "remark");
  }

  @Test
  void bulkInsertNamesAllRows() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createQuery(
                            "insert into Maker (id, name) select 8, p.name from Product p where p.id = 1")
                        .executeUpdate()))
        .contains("maker");
  }

  @Test
  void bulkUpdateOfJoinedInheritanceNamesTheTablesItChanges() {
    SHOP.given(entities -> entities.persist(new Dog(11, "roll")));
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createQuery("update Dog d set d.name = 'Rex', d.trick = 'sit'")
                        .executeUpdate()))
        .contains("animal", "dog");
    assertThat(SHOP.writes(entities -> entities.createQuery("delete from Dog").executeUpdate()))
        .contains("animal", "dog");
  }

  @Test
  void criteriaUpdateNamesAllRows() {
    assertThat(
            SHOP.writes(
                entities -> {
                  var update = entities.getCriteriaBuilder().createCriteriaUpdate(Product.class);
                  update.from(Product.class);
                  update.set("name", "y");
                  entities.createQuery(update).executeUpdate();
                }))
        .contains("product");
  }

  @Test
  void nativeUpdateNamesItsTable() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createNativeQuery(
                            "update product set name = (select max(name) from maker) where id = ?1")
                        .setParameter(1, 1L)
                        .executeUpdate()))
        .containsExactly("product", "remark");
  }

  @Test
  void nativeStatementWithACommonTableExpressionNamesAllItsTables() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createNativeQuery(
                            "with gone as (delete from product_labels returning product_id)"
                                + " update product set name = 'z' where id in (select product_id from gone)")
                        .executeUpdate()))
        .contains("product", "product_labels");
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createNativeQuery(
                            "with gone as (delete from product returning id) select count(*) from gone")
                        .getResultList()))
        .contains("product");
  }

  @Test
  void nativeStatementThatCallsAnUnknownFunctionIsUnknown() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createNativeQuery(
                            "update product set version = my_own_function(4711) where id = 4711")
                        .executeUpdate()))
        .contains("product")
        .anyMatch(told -> told.startsWith("? native statement: ") && !told.contains("4711"));
  }

  @Test
  void declaredQuerySpacesOfANativeStatementAreTrusted() {
    assertThat(
            SHOP.writes(
                entities ->
                    entities
                        .createNativeQuery(
                            "update product set version = my_own_function(1) where id = 1")
                        .unwrap(org.hibernate.query.NativeQuery.class)
                        .addSynchronizedQuerySpace("offer")
                        .executeUpdate()))
        .containsExactly("offer");
  }

  @Test
  void statelessSessionNamesItsRows() {
    SHOP.writes.take();
    try (StatelessSession session = SHOP.sessions().openStatelessSession()) {
      session.beginTransaction();
      Product lamp = new Product(5, "lamp", null);
      session.insert(lamp);
      lamp.name = "light";
      session.update(lamp);
      session.upsert(new Maker(9, "Elm"));
      session.delete(lamp);
      List<String> told = SHOP.writes.take();
      session.getTransaction().commit();
      assertThat(told).contains("product:5", "product_labels", "maker:9");
    }
    assertThat(SHOP.writes.take())
        .as("told again once Hibernate's own transaction has ended")
        .contains("product:5", "maker:9");
  }

  @Test
  void sessionOutsideSpringsTransactionTellsOnceMoreAfterItsCommit() {
    SHOP.writes.take();
    try (Session session = SHOP.sessions().openSession()) {
      session.beginTransaction();
      session.persist(new Maker(10, "Ash"));
      session.flush();
      List<String> told = SHOP.writes.take();
      session.getTransaction().commit();
      assertThat(told).containsExactly("maker:10");
    }
    assertThat(SHOP.writes.take()).containsExactly("maker:10");
  }

  @Test
  void mappedTablesAreTold() {
    List<MappedTable> tables = SHOP.tracking.tables();
    assertThat(tables)
        .contains(
            new MappedTable("product", "product", List.of("id"), true),
            new MappedTable("dog", "animal", List.of("id"), true),
            new MappedTable("crate", "crate", List.of(), false),
            new MappedTable("pallet", "pallet", List.of("id"), true),
            new MappedTable("Product_labels", "Product_labels", List.of(), false));
    assertThat(tables)
        .filteredOn(table -> List.of("car", "order_line").contains(table.name()))
        .hasSize(2)
        .allSatisfy(table -> assertThat(table.rowTags()).isFalse());
  }
}
