package larder.cache.transaction;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The end of a transaction whose session Spring has bound to the thread: behind the flush, with
 * which Hibernate begins its commit. Without a session, as another end says.
 */
public final class HibernateTransactionEnd implements TransactionEnd {

  private final DataSource database;
  private final TransactionEnd otherwise;

  /**
   * @param database what the sessions read
   * @param otherwise the end of transactions without a session of Hibernate
   */
  public HibernateTransactionEnd(DataSource database, TransactionEnd otherwise) {
    this.database = database;
    this.otherwise = otherwise;
  }

  @Override
  public void beforeCommit(Consumer<Connection> last) {
    SharedSessionContractImplementor session = session();
    if (session == null || !session.isTransactionInProgress()) {
      otherwise.beforeCommit(last);
      return;
    }
    session
        .getTransactionCompletionCallbacks()
        .registerCallback(
            ending ->
                last.accept(
                    ending.getJdbcCoordinator().getLogicalConnection().getPhysicalConnection()));
  }

  private @Nullable SharedSessionContractImplementor session() {
    for (Map.Entry<Object, Object> bound :
        TransactionSynchronizationManager.getResourceMap().entrySet()) {
      if (bound.getKey() instanceof EntityManagerFactoryInfo factory
          && factory.getDataSource() == database
          && bound.getValue() instanceof EntityManagerHolder holder
          && target(holder.getEntityManager())
              instanceof SharedSessionContractImplementor session) {
        return session;
      }
    }
    return null;
  }

  private static EntityManager target(EntityManager entities) {
    return entities instanceof EntityManagerProxy proxy ? proxy.getTargetEntityManager() : entities;
  }
}
