package larder.cache.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.cache.sql.SqlEffects;
import larder.cache.tracking.MappedTable;
import larder.cache.tracking.MappedTables;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Relations;
import larder.cache.tracking.Writes;
import org.hibernate.boot.Metadata;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * The tracking of all session factories that were given it under {@link #SETTING}: what they read
 * becomes part of the current {@link Reads}, what they write is told to the {@link Writes}.
 *
 * <p>Costs a look at a thread-local per select while nothing collects. Thread-safe.
 */
public final class HibernateTracking implements MappedTables {

  /** The setting of a session factory whose value is the tracking that it takes part in. */
  public static final String SETTING = "larder.cache.tracking";

  private final Supplier<Writes> writes;
  private final Supplier<Relations> relations;
  private final SqlEffects sql = new SqlEffects();
  private final Map<SessionFactoryImplementor, FactoryModel> models = new ConcurrentHashMap<>();

  /**
   * @param writes asked for at the first write
   * @param relations asked for at the first table that a load reads
   */
  public HibernateTracking(Supplier<Writes> writes, Supplier<Relations> relations) {
    this.writes = writes;
    this.relations = relations;
  }

  /** Returns the tables of all session factories that have started. */
  @Override
  public List<MappedTable> tables() {
    List<MappedTable> tables = new ArrayList<>();
    models.values().forEach(model -> tables.addAll(model.tables()));
    return MappedTable.merged(tables);
  }

  @Override
  public Set<String> changedAlong(String table) {
    Set<String> along = new LinkedHashSet<>();
    models.values().forEach(model -> along.addAll(model.cascaded(table)));
    return along;
  }

  /** Whether any session factory has started. */
  boolean isTracking() {
    return !models.isEmpty();
  }

  void started(SessionFactoryImplementor factory, Metadata metadata) {
    models.put(factory, new FactoryModels(factory, metadata, sql).read(relations));
  }

  void stopped(SessionFactoryImplementor factory) {
    models.remove(factory);
  }

  /** Returns the model of a session's factory; null while that is starting or has stopped. */
  @Nullable FactoryModel model(SharedSessionContractImplementor session) {
    return models.get(session.getFactory());
  }

  SqlEffects sql() {
    return sql;
  }

  /** Returns what takes the writes of a session now. */
  Writes writes(SharedSessionContractImplementor session) {
    return SessionWrites.of(session, writes.get());
  }

  /** Makes what a session holds part of a load that meets it for the first time. */
  void meet(SharedSessionContractImplementor session, FactoryModel model, Reads reads) {
    if (reads.meets(session)) {
      new SessionContents(session, model).read(reads);
      if (session.getFactory().getSessionFactoryOptions().isSecondLevelCacheEnabled()) {
        reads.unknown("Hibernate's second-level cache, which may answer instead of the database");
      }
    }
  }
}
