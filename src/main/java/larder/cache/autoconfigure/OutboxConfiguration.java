package larder.cache.autoconfigure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import larder.cache.LarderProperties;
import larder.cache.log.Source;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.PostgresOutbox;
import larder.cache.outbox.WatchedTables;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.MappedTable;
import larder.cache.tracking.MappedTables;
import larder.cache.transaction.HibernateTransactionEnd;
import larder.cache.transaction.JdbcTransactionEnd;
import larder.cache.transaction.TransactionEnd;
import larder.redis.Keyspace;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** The outbox of the application's database, if it is PostgreSQL and the outbox is installed. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
    name = {
      "org.postgresql.PGConnection",
      "org.springframework.boot.jdbc.DataSourceBuilder",
      "org.springframework.jdbc.datasource.SimpleDriverDataSource"
    })
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnProperty(name = "larder.outbox.enabled", matchIfMissing = true)
class OutboxConfiguration {

  @Bean
  WatchedTables larderWatchedTables() {
    return new WatchedTables();
  }

  @Bean
  PostgresOutbox larderOutbox(LogFollower follower, WatchedTables watched) {
    return new PostgresOutbox(follower, watched);
  }

  /** Where Hibernate writes, the end of a transaction is behind its flush. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.hibernate.engine.spi.TransactionCompletionCallbacks",
        "org.springframework.orm.jpa.EntityManagerHolder"
      })
  static class WithHibernate {

    @Bean
    TransactionEnd larderTransactionEnd(DataSource database) {
      return new HibernateTransactionEnd(database, new JdbcTransactionEnd(database));
    }
  }

  /** Elsewhere, it is where Spring's callbacks before the commit are. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("org.hibernate.engine.spi.TransactionCompletionCallbacks")
  static class WithoutHibernate {

    @Bean
    TransactionEnd larderTransactionEnd(DataSource database) {
      return new JdbcTransactionEnd(database);
    }
  }

  @Bean
  OutboxRelay larderOutboxRelay(
      DataSource database,
      LogService service,
      LogFollower follower,
      WatchedTables watched,
      ObjectProvider<MappedTables> mapped,
      LarderProperties properties,
      Keyspace keyspace) {
    follower.relyOn(Source.UNKNOWN_DATABASE);
    return OutboxRelay.of(
        own(database),
        database,
        service,
        follower,
        keyspace.application(),
        () -> tables(mapped, properties.outbox().tables()),
        properties.outbox().triggers(),
        watched);
  }

  private static List<MappedTable> tables(
      ObjectProvider<MappedTables> mapped, List<String> further) {
    List<MappedTable> all = new ArrayList<>();
    mapped.orderedStream().forEach(tables -> all.addAll(tables.tables()));
    Set<String> known = new HashSet<>();
    all.forEach(table -> known.add(DataTags.bare(table.name())));
    further.stream()
        .filter(name -> known.add(DataTags.bare(name)))
        .forEach(name -> all.add(new MappedTable(name, name, List.of(), /* rowTags= */ false)));
    return all;
  }

  /** A way to connections beside the application's pool; null if the pool does not tell. */
  private static @Nullable DataSource own(DataSource pool) {
    try {
      return DataSourceBuilder.derivedFrom(pool).type(SimpleDriverDataSource.class).build();
    } catch (RuntimeException e) {
      return null;
    }
  }
}
