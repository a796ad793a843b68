package larder.cache.hibernate;

import org.hibernate.engine.jdbc.internal.JdbcServicesImpl;
import org.hibernate.sql.exec.internal.JdbcSelectExecutorStandardImpl;
import org.hibernate.sql.exec.internal.StandardJdbcMutationExecutor;
import org.hibernate.sql.exec.spi.JdbcMutationExecutor;
import org.hibernate.sql.exec.spi.JdbcSelectExecutor;

/** Hibernate's own services with both executors of statements tracked. */
final class TrackedJdbcServices extends JdbcServicesImpl {

  private final transient JdbcSelectExecutor selects;
  private final transient JdbcMutationExecutor mutations;

  TrackedJdbcServices(HibernateTracking tracking) {
    this.selects = new TrackedSelects(tracking, JdbcSelectExecutorStandardImpl.INSTANCE);
    this.mutations = new TrackedMutations(tracking, StandardJdbcMutationExecutor.INSTANCE);
  }

  @Override
  public JdbcSelectExecutor getJdbcSelectExecutor() {
    return selects;
  }

  @Override
  public JdbcMutationExecutor getJdbcMutationExecutor() {
    return mutations;
  }
}
