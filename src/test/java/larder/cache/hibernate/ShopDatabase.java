package larder.cache.hibernate;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import larder.cache.jdbc.DatabaseRelations;
import larder.cache.log.Tags;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Reads;
import larder.cache.tracking.UniqueKey;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

/** A database of the shop's with a tracked session factory, as Spring builds it. */
@SuppressWarnings("try") // a span is opened to be closed
final class ShopDatabase {

  final RecordedWrites writes = new RecordedWrites();
  final HibernateTracking tracking;
  final ContextContents contents;
  final DataSource source;
  private final DatabaseRelations relations;
  final EntityManagerFactory factory;
  final EntityManager entities;
  final TransactionTemplate transactions;

  private ShopDatabase(DataSource source, Map<String, Object> settings) {
    this.source = source;
    this.relations = new DatabaseRelations(() -> List.of(source));
    this.tracking = new HibernateTracking(() -> writes, () -> relations);
    this.contents = new ContextContents(tracking);
    LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
    bean.setDataSource(source);
    bean.setPackagesToScan(Shop.class.getPackageName());
    bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
    bean.getJpaPropertyMap().put("hibernate.hbm2ddl.auto", "create");
    bean.getJpaPropertyMap().put(HibernateTracking.SETTING, tracking);
    bean.getJpaPropertyMap().putAll(settings);
    bean.afterPropertiesSet();
    EntityManagerFactory built = bean.getObject();
    if (built == null) {
      throw new IllegalStateException("No entity manager factory");
    }
    this.factory = built;
    this.entities = SharedEntityManagerCreator.createSharedEntityManager(built);
    this.transactions = new TransactionTemplate(new JpaTransactionManager(built));
  }

  static ShopDatabase open(Map<String, Object> settings) {
    Database database = TestServers.freshDatabase();
    DataSource source =
        new DriverManagerDataSource(database.url(), database.user(), database.password());
    ShopDatabase shop = new ShopDatabase(source, settings);
    shop.sql("drop table product_view");
    shop.sql("create view product_view as select id, name from product");
    shop.sql(
        """
        create function my_own_function(of bigint) returns bigint language sql as
        'select count(*) from product where id = of'
        """);
    shop.relations.afterSingletonsInstantiated();
    return shop;
  }

  /** Has the unique keys of a table listed as they are now. */
  @Nullable Set<UniqueKey> listKeys(String table) {
    relations.uniqueKeys(table);
    relations.afterSingletonsInstantiated();
    return relations.uniqueKeys(table);
  }

  SessionFactory sessions() {
    return factory.unwrap(SessionFactory.class);
  }

  /** Runs a statement on a connection of its own, unseen by Hibernate. */
  void sql(String statement) {
    try (Connection connection = source.getConnection();
        Statement run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** Runs in a transaction whose writes nobody asks for. */
  void given(Consumer<EntityManager> action) {
    transactions.executeWithoutResult(status -> action.accept(entities));
    writes.take();
  }

  /** Returns what a load in a transaction of its own reads. */
  Reads reads(Function<EntityManager, @Nullable Object> load) {
    Reads reads = new Reads(100);
    transactions.executeWithoutResult(
        status -> {
          try (Reads.Span span = reads.resume()) {
            contents.addHeld(reads);
            Object unused = load.apply(entities);
          }
        });
    return reads;
  }

  /** Returns what a transaction tells to have written. */
  List<String> writes(Consumer<EntityManager> action) {
    writes.take();
    transactions.executeWithoutResult(status -> action.accept(entities));
    return writes.take();
  }

  /** Returns the tags of rows, each such as {@code product:1}, and of tables. */
  static Tags tags(String... named) {
    Tags.Builder tags = new Tags.Builder();
    for (String one : named) {
      int colon = one.indexOf(':');
      if (colon < 0) {
        tags.add(DataTags.table(one));
      } else {
        tags.add(DataTags.row(one.substring(0, colon), one.substring(colon + 1)));
        tags.add(DataTags.all(one.substring(0, colon)));
      }
    }
    return tags.build();
  }
}
