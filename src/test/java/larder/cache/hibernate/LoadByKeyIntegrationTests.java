package larder.cache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.EntityManager;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import larder.cache.hibernate.Shop.Member;
import larder.cache.log.Tags;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Reads;
import larder.cache.tracking.UniqueKey;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is read by a unique key depends on the row that it finds, and what gives a row a new key.
 */
@SuppressWarnings("try") // a span is opened to be closed
class LoadByKeyIntegrationTests {

  private static final Tags TABLE = Tags.of(DataTags.table("member"));
  private static final Tags ROW =
      Tags.of(DataTags.row("member", "1"), DataTags.all("member"), DataTags.keys("member"));

  private static ShopDatabase shop;

  @BeforeAll
  static void open() {
    shop = ShopDatabase.open(Map.of());
    shop.sql("alter table member drop column derived");
    shop.sql("alter table member add derived text generated always as (handle || '!') stored");
    shop.sql(
        "create collation loose (provider=icu, locale='und-u-ks-level2', deterministic=false)");
    shop.given(
        entities -> {
          entities.persist(new Member(1, "Ann"));
          entities.persist(new Member(2, "Bob"));
        });
  }

  @BeforeEach
  void makeIndexes() {
    shop.sql("create unique index handles on member (lower(handle))");
    shop.sql("create unique index codes on member (tenant, code)");
    shop.sql("create unique index partials on member (sometimes) where not gone");
    shop.sql("create unique index derivations on member (derived)");
    shop.sql("create unique index sizes on member (size, handle)");
    shop.listKeys("member");
  }

  @AfterEach
  void dropIndexes() {
    shop.sql("drop index if exists handles, codes, partials, derivations, sizes, other");
    shop.sql("drop table if exists heir");
    shop.sql("drop schema if exists elsewhere cascade");
  }

  private static Tags tags(Function<EntityManager, @Nullable Object> load) {
    Reads reads = shop.reads(load);
    assertThat(reads.unknown()).isEmpty();
    return reads.tags();
  }

  private static Tags where(String conditions) {
    return tags(
        entities ->
            entities
                .createQuery("select m from Member m where " + conditions, Member.class)
                .getResultList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lower(m.handle) = lower('ANN')",
        "m.tenant = 'here' and m.code = 'Ann'",
        "lower(m.handle) = lower('ann') and m.gone = false and m.nickname is not null",
        "m.id = 1",
        "m.derived = 'Ann!' and m.id = 1",
      })
  void foundByAUniqueKeyDependsOnItsRow(String conditions) {
    assertThat(where(conditions)).isEqualTo(ROW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lower(m.handle) = lower('nobody')",
        "m.handle = 'Ann'",
        "upper(m.handle) = upper('Ann')",
        "m.code = 'Ann'",
        "m.sometimes = 'Ann' and m.gone = false",
        "m.nickname = 'Ann'",
        "m.derived = 'Ann!'",
        "m.size = 1 and m.handle = 'Ann'",
        "lower(m.handle) = lower('Ann') or m.nickname = 'none'",
        "lower(m.handle) = lower('Ann') and not exists (select 1 from Team)",
      })
  void foundOtherwiseOrNotAtAllDependsOnTheTable(String conditions) {
    Tags tags = where(conditions);
    for (int i = 0; i < TABLE.size(); i++) {
      assertThat(tags.contains(TABLE.hash(i))).as(conditions).isTrue();
    }
  }

  @Test
  void whatIsAskedIsAParameterAsWell() {
    assertThat(
            tags(
                entities ->
                    entities
                        .createQuery("from Member m where lower(m.handle) = lower(:h)")
                        .setParameter("h", "aNN")
                        .setMaxResults(2)
                        .getSingleResult()))
        .isEqualTo(ROW);
  }

  @Test
  void statelessSessionsAndDetachedInstancesDependOnTheRow() {
    Reads reads = new Reads(100);
    try (StatelessSession session = shop.sessions().openStatelessSession();
        Reads.Span span = reads.resume()) {
      assertThat(
              session
                  .createSelectionQuery(
                      "from Member where lower(handle) = lower('Ann')", Member.class)
                  .getResultList())
          .hasSize(1);
    }
    assertThat(reads.tags()).isEqualTo(ROW);
  }

  @Test
  void whatIsMadeOfTheRowDependsOnTheTable() {
    assertThat(
            tags(
                entities ->
                    entities
                        .createQuery("select m.nickname from Member m where m.id = 1")
                        .getResultList()))
        .isEqualTo(TABLE);
  }

  @Test
  void keysThatAreNotListedYetAreNoneAndEveryUpdateMayGiveOne() {
    ShopDatabase fresh = ShopDatabase.open(Map.of());
    fresh.given(entities -> entities.persist(new Member(3, "Cid")));
    fresh.writes.takeNewKeys();
    fresh.given(entities -> member(entities).nickname = "Cyd");
    assertThat(fresh.writes.takeNewKeys()).containsExactly("member:3");
    Function<EntityManager, @Nullable Object> byId =
        entities -> entities.createQuery("from Member where id = 3").getResultList();
    assertThat(fresh.reads(byId).tags()).isEqualTo(TABLE);
    assertThat(fresh.listKeys("member")).containsExactly(key("id"));
    assertThat(fresh.reads(byId).tags())
        .isEqualTo(
            Tags.of(DataTags.row("member", "3"), DataTags.all("member"), DataTags.keys("member")));
  }

  private static UniqueKey key(String column) {
    return new UniqueKey(Set.of(column));
  }

  private static void isAKey(boolean is, String column) {
    assertThat(Objects.requireNonNull(shop.listKeys("member")).contains(key(column)))
        .as("unique key %s", column)
        .isEqualTo(is);
  }

  @Test
  void listedAreIndexesThatHoldForAllRows() {
    isAKey(true, "id");
    isAKey(true, "lower(handle)");
    isAKey(false, "sometimes");
    shop.sql("update pg_index set indisvalid = false where indexrelid = 'handles'::regclass");
    isAKey(false, "lower(handle)");
    shop.sql("update pg_index set indisvalid = true where indexrelid = 'handles'::regclass");
    isAKey(true, "lower(handle)");
    shop.sql("drop index handles");
    isAKey(false, "lower(handle)");
  }

  @Test
  void aTableThatOthersInheritHasNone() {
    shop.sql("create table heir () inherits (member)");
    isAKey(false, "id");
  }

  @Test
  void aPartitionedTableHasThem() {
    shop.sql("create schema elsewhere");
    shop.sql("create table elsewhere.split (id bigint primary key) partition by range (id)");
    shop.sql("create table elsewhere.part partition of elsewhere.split default");
    assertThat(shop.listKeys("split")).containsExactly(key("id"));
  }

  @Test
  void tablesOfOneNameHaveThoseThatAllHave() {
    shop.sql("create schema elsewhere");
    shop.sql("create table elsewhere.member (id bigint primary key, handle text)");
    isAKey(true, "id");
    isAKey(false, "lower(handle)");
  }

  @Test
  void indexThatHoldsForDifferentWhatAQueryHoldsForEqualIsNone() {
    shop.sql("create unique index other on member (nickname text_pattern_ops)");
    isAKey(false, "nickname");
    shop.sql("drop index other");
    shop.sql("create schema elsewhere");
    shop.sql("create table elsewhere.loosely (a text collate loose, b text)");
    shop.sql("create unique index on elsewhere.loosely (a collate \"C\")");
    assertThat(shop.listKeys("loosely")).isEmpty();
  }

  private static List<String> newKeys(Consumer<EntityManager> change) {
    shop.writes.takeNewKeys();
    assertThat(shop.writes(change)).as("the row").contains("member:3");
    return shop.writes.takeNewKeys();
  }

  @Test
  void whatMayGiveARowANewKeySaysSo() {
    assertThat(newKeys(entities -> entities.persist(new Member(3, "Cid"))))
        .containsExactly("member:3");
    assertThat(newKeys(entities -> member(entities).nickname = "Cyd")).isEmpty();
    assertThat(newKeys(entities -> member(entities).handle = "Cyd")).containsExactly("member:3");
    assertThat(newKeys(entities -> member(entities).code = "cyd")).containsExactly("member:3");
    assertThat(newKeys(entities -> member(entities).size = BigDecimal.TEN))
        .containsExactly("member:3");
    assertThat(newKeys(entities -> entities.remove(member(entities)))).isEmpty();
  }

  private static Member member(EntityManager entities) {
    return entities.find(Member.class, 3L);
  }
}
