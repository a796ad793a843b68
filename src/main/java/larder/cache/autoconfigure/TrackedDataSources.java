package larder.cache.autoconfigure;

import javax.sql.DataSource;
import larder.cache.jdbc.StatementEffects;
import larder.cache.jdbc.TrackedDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Has every data source of the application tell what plain statements read and write. */
final class TrackedDataSources implements BeanPostProcessor {

  private final StatementEffects effects;
  private volatile boolean there;

  TrackedDataSources(StatementEffects effects) {
    this.effects = effects;
  }

  /** Whether the application has any. */
  boolean areThere() {
    return there;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (!(bean instanceof DataSource source)) {
      return bean;
    }
    there = true;
    return TrackedDataSource.of(source, effects);
  }
}
