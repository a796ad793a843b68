package larder.cache.hibernate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import larder.cache.sql.KeyLookup;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Reads;
import larder.cache.tracking.UniqueKey;
import org.hibernate.Hibernate;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableConsumer;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.sql.exec.spi.ExecutionContext;
import org.hibernate.sql.exec.spi.JdbcSelect;
import org.hibernate.type.descriptor.java.IntegerJavaType;
import org.hibernate.type.descriptor.java.LongJavaType;
import org.hibernate.type.descriptor.java.ShortJavaType;
import org.hibernate.type.descriptor.java.StringJavaType;
import org.hibernate.type.descriptor.java.UUIDJavaType;
import org.jspecify.annotations.Nullable;

/**
 * A select of instances of one entity by a unique key of its table, such as {@code where
 * lower(handle) = lower(?)}.
 *
 * <p>The instance that it finds is read as a row: no other row has its key while it has, so another
 * answer takes a change of this row. If it finds none, it is none of this.
 */
final class LoadByKey {

  private static final Set<Class<?>> COMPARED =
      Set.of(
          StringJavaType.class,
          IntegerJavaType.class,
          LongJavaType.class,
          ShortJavaType.class,
          UUIDJavaType.class);

  private LoadByKey() {}

  /**
   * Tells what a select has read if it is of this kind, and returns whether it is.
   *
   * @param result what it has found; null if it failed
   */
  static boolean read(
      JdbcSelect select,
      ExecutionContext context,
      FactoryModel model,
      @Nullable Object result,
      Reads reads) {
    if (!(result instanceof List<?> found)
        || found.size() != 1
        || context.getQueryOptions().getTupleTransformer() != null) {
      return false;
    }
    KeyLookup lookup = model.lookups().of(select.getSqlString());
    if (lookup == null) {
      return false;
    }
    SharedSessionContractImplementor session = context.getSession();
    SelectedEntity selected = SelectedEntity.of(select, session, model);
    if (selected == null
        || !isOfOneTable(select, selected.entity(), lookup)
        || !isByKey(lookup, selected.persister(), model)) {
      return false;
    }
    Object instance = Hibernate.unproxy(found.get(0));
    Object id =
        selected.persister().isInstance(instance)
            ? selected.persister().getIdentifier(instance, session)
            : null;
    if (id == null) {
      return false;
    }
    selected.entity().readByKey(id, reads, model);
    selected.along().read(instance, session, model, reads);
    return true;
  }

  private static boolean isOfOneTable(JdbcSelect select, EntityModel entity, KeyLookup lookup) {
    String table = DataTags.bare(lookup.table());
    return entity.tables().size() == 1
        && DataTags.bare(entity.rootTable()).equals(table)
        && select.getAffectedTableNames().stream()
            .allMatch(affected -> DataTags.bare(affected).equals(table));
  }

  private static boolean isByKey(KeyLookup lookup, EntityPersister persister, FactoryModel model) {
    Set<UniqueKey> keys = new HashSet<>(model.uniqueKeys(lookup.table()));
    keys.removeIf(key -> !key.isAmong(lookup.given()));
    if (keys.isEmpty()) {
      return false;
    }
    Set<String> plain = plainColumns(persister);
    return keys.stream().anyMatch(key -> plain.containsAll(key.columns()));
  }

  /**
   * Returns the columns that change with an attribute that is written, and not by themselves, and
   * of which the database compares no more than is in them.
   */
  private static Set<String> plainColumns(EntityPersister persister) {
    Set<String> columns = new HashSet<>();
    SelectableConsumer adding =
        (index, column) -> {
          Class<?> java = column.getJdbcMapping().getJavaTypeDescriptor().getClass();
          if (COMPARED.contains(java) && column.isInsertable()) {
            columns.add(DataTags.bare(column.getSelectionExpression()));
          }
        };
    persister.getIdentifierMapping().forEachSelectable(adding);
    persister.forEachAttributeMapping(
        attribute -> {
          if (attribute.getGenerator() == null && !(attribute instanceof PluralAttributeMapping)) {
            attribute.forEachSelectable(adding);
          }
        });
    return columns;
  }
}
