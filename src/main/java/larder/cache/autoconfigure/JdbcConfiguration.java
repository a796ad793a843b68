package larder.cache.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import larder.cache.jdbc.DatabaseRelations;
import larder.cache.jdbc.StatementEffects;
import larder.cache.tracking.DatabaseReads;
import larder.cache.tracking.MappedTables;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Relations;
import larder.cache.tracking.Writes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.util.function.SingletonSupplier;

/** What JDBC adds: what plain statements read and write is known. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.jdbc.datasource.ConnectionHolder")
class JdbcConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Relations larderRelations(ObjectProvider<DataSource> sources) {
    Supplier<List<DataSource>> all = () -> sources.stream().toList();
    return new DatabaseRelations(all);
  }

  /** The statements of all data sources. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(name = "larder.tracking.jdbc", matchIfMissing = true)
  static class Statements {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static TrackedDataSources larderTrackedDataSources(
        ObjectProvider<Relations> relations,
        ObjectProvider<Writes> writes,
        ObjectProvider<MappedTables> mapped) {
      SingletonSupplier<List<MappedTables>> all =
          SingletonSupplier.of(() -> mapped.stream().toList());
      return new TrackedDataSources(
          new StatementEffects(
              SingletonSupplier.of(relations::getObject)::obtain,
              SingletonSupplier.of(() -> writes.getIfAvailable(() -> Writes.NONE))::obtain,
              table -> along(all.obtain(), table)));
    }

    private static Set<String> along(List<MappedTables> mapped, String table) {
      Set<String> along = new LinkedHashSet<>();
      mapped.forEach(tables -> along.addAll(tables.changedAlong(table)));
      return along;
    }

    @Bean
    DatabaseReads larderJdbcReads(TrackedDataSources sources) {
      return new DatabaseReads() {
        @Override
        public void addHeld(Reads reads) {}

        @Override
        public boolean areSeen() {
          return sources.areThere();
        }
      };
    }
  }
}
