package larder.cache.hibernate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.cache.sql.SqlEffects;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Relations;
import org.hibernate.boot.Metadata;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.H2Dialect;
import org.hibernate.dialect.OracleDialect;
import org.hibernate.dialect.PostgreSQLDialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Table;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.BasicEntityIdentifierMapping;
import org.hibernate.metamodel.mapping.ForeignKeyDescriptor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.AbstractEntityPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.persister.entity.UnionSubclassEntityPersister;
import org.hibernate.persister.entity.mutation.EntityTableMapping;
import org.hibernate.sql.Template;
import org.hibernate.type.CustomType;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.java.IntegerJavaType;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.java.LongJavaType;
import org.hibernate.type.descriptor.java.ShortJavaType;
import org.hibernate.type.descriptor.java.StringJavaType;
import org.hibernate.type.descriptor.java.UUIDJavaType;

/** Reads the model of a session factory from its mapping. */
final class FactoryModels {

  private static final Set<Class<?>> INTEGERS =
      Set.of(IntegerJavaType.class, LongJavaType.class, ShortJavaType.class);

  private static final Set<Integer> INTEGER_CODES =
      Set.of(SqlTypes.SMALLINT, SqlTypes.INTEGER, SqlTypes.BIGINT);

  private final SessionFactoryImplementor factory;
  private final Metadata metadata;
  private final SqlEffects sql;
  private final Map<String, Set<String>> cascades;

  FactoryModels(SessionFactoryImplementor factory, Metadata metadata, SqlEffects sql) {
    this.factory = factory;
    this.metadata = metadata;
    this.sql = sql;
    this.cascades = DatabaseCascades.of(metadata, factory);
  }

  FactoryModel read(Supplier<Relations> relations) {
    Map<String, EntityModel> entities = new LinkedHashMap<>();
    Map<String, Set<String>> subselects = new HashMap<>();
    EntityTables tables = new EntityTables();
    factory
        .getMappingMetamodel()
        .forEachEntityDescriptor(
            persister -> {
              EntityModel entity = entity((AbstractEntityPersister) persister);
              entities.put(entity.name(), entity);
              tables.add((AbstractEntityPersister) persister, entity);
              subselect(persister, subselects);
            });
    entities.replaceAll((name, entity) -> tables.withSureRows(entity));
    factory.getMappingMetamodel().forEachCollectionDescriptor(tables::add);
    return new FactoryModel(entities, collections(), subselects, tables.all(), sql, relations);
  }

  private EntityModel entity(AbstractEntityPersister persister) {
    AbstractEntityPersister root =
        (AbstractEntityPersister) persister.getRootEntityDescriptor().getEntityPersister();
    Set<String> tables = new LinkedHashSet<>(List.of(root.getConstraintOrderedTableNameClosure()));
    tables.addAll(List.of(persister.getConstraintOrderedTableNameClosure()));
    List<String> written = new ArrayList<>();
    for (EntityTableMapping table : persister.getTableMappings()) {
      written.add(table.getTableName());
    }
    Set<String> raw = raw(root);
    Set<String> cascading = new LinkedHashSet<>();
    written.forEach(table -> cascading.addAll(cascades.getOrDefault(table, Set.of())));
    return new EntityModel(
        persister.getEntityName(),
        root.getIdentifierTableName(),
        tables,
        written,
        raw.isEmpty() && isPlain(root),
        others(root),
        collections(persister),
        Fragments.of(raw, sql),
        cascading);
  }

  /** Returns the tables that the collections of an entity are written to. */
  private static Set<String> collections(AbstractEntityPersister persister) {
    Set<String> tables = new LinkedHashSet<>();
    persister.forEachAttributeMapping(
        attribute -> {
          if (attribute instanceof PluralAttributeMapping plural
              && !plural.getCollectionDescriptor().isInverse()) {
            String table = plural.getSeparateCollectionTable();
            tables.addAll(
                table != null
                    ? List.of(table)
                    : List.of(plural.getCollectionDescriptor().getCollectionSpaces()));
          }
        });
    return tables;
  }

  /** Returns whether the rows of a hierarchy are found by an id that reads the same everywhere. */
  private boolean isPlain(AbstractEntityPersister root) {
    return !(root instanceof UnionSubclassEntityPersister)
        && !hasUnion(root)
        && !root.getIdentifierTableName().startsWith("(")
        && root.getTemporalMapping() == null
        && root.getAuditMapping() == null
        && root.getIdentifierMapping() instanceof BasicEntityIdentifierMapping id
        && isPlain(id);
  }

  private static boolean hasUnion(AbstractEntityPersister root) {
    return root.getSubMappingTypes().stream()
        .anyMatch(sub -> sub.getEntityPersister() instanceof UnionSubclassEntityPersister);
  }

  /** Returns whether the database writes an id as Java does: a UUID kept as bytes is not. */
  private boolean isPlain(BasicEntityIdentifierMapping id) {
    JdbcMapping mapping = id.getJdbcMapping();
    JavaType<?> java = mapping.getJavaTypeDescriptor();
    int kept = mapping.getJdbcType().getDefaultSqlTypeCode();
    if (mapping.getValueConverter() != null || mapping instanceof CustomType<?>) {
      return false;
    }
    return (INTEGERS.contains(java.getClass()) && INTEGER_CODES.contains(kept))
        || (java.getClass() == UUIDJavaType.class && kept == SqlTypes.UUID)
        || (java.getClass() == StringJavaType.class
            && kept == SqlTypes.VARCHAR
            && comparesTextExactly());
  }

  /** Returns whether a text finds only the row with this very text as its id. */
  private boolean comparesTextExactly() {
    Dialect dialect = factory.getJdbcServices().getDialect();
    return dialect instanceof PostgreSQLDialect
        || dialect instanceof H2Dialect
        || dialect instanceof OracleDialect;
  }

  /** Returns the raw SQL in the mapping of a hierarchy; empty if there is none. */
  private Set<String> raw(AbstractEntityPersister root) {
    Set<String> raw = new LinkedHashSet<>();
    hierarchy(root)
        .forEach(
            persister -> {
              for (int i = 0; i < persister.getNumberOfAttributeMappings(); i++) {
                AttributeMapping attribute = persister.getAttributeMapping(i);
                if (!(attribute instanceof PluralAttributeMapping)) {
                  attribute.forEachSelectable((index, column) -> raw(column, raw));
                }
              }
            });
    for (EntityPersister persister : hierarchy(root)) {
      PersistentClass mapping = metadata.getEntityBinding(persister.getEntityName());
      if (mapping != null && mapping.getWhere() != null) {
        raw.add(mapping.getWhere());
      }
      if (mapping != null) {
        mapping.getFilters().forEach(filter -> raw.add(filter.getCondition()));
        if (mapping.getDiscriminator() != null && mapping.getDiscriminator().hasFormula()) {
          mapping.getDiscriminator().getSelectables().forEach(part -> raw.add(part.getText()));
        }
      }
    }
    return raw;
  }

  private static void raw(SelectableMapping column, Set<String> raw) {
    String plain = withoutAlias(column.getSelectionExpression());
    String read = column.getCustomReadExpression();
    if (column.isFormula()) {
      raw.add(plain);
    } else if (read != null && !withoutAlias(read).equals(plain)) {
      raw.add(withoutAlias(read));
    }
  }

  /** Returns an expression without Hibernate's place holder for the alias of its table. */
  private static String withoutAlias(String expression) {
    return expression.replace(Template.TEMPLATE + ".", "");
  }

  private static List<AbstractEntityPersister> hierarchy(AbstractEntityPersister root) {
    List<AbstractEntityPersister> all = new ArrayList<>();
    all.add(root);
    root.getSubMappingTypes()
        .forEach(sub -> all.add((AbstractEntityPersister) sub.getEntityPersister()));
    return all;
  }

  /**
   * Returns the tables of what a hierarchy refers to otherwise than by the id that its row holds.
   */
  private static Set<String> others(AbstractEntityPersister root) {
    Set<String> others = new LinkedHashSet<>();
    for (AbstractEntityPersister persister : hierarchy(root)) {
      for (int i = 0; i < persister.getNumberOfAttributeMappings(); i++) {
        if (persister.getAttributeMapping(i) instanceof ToOneAttributeMapping toOne
            && !isByOwnKey(toOne)) {
          AbstractEntityPersister target =
              (AbstractEntityPersister) toOne.getEntityMappingType().getEntityPersister();
          others.addAll(List.of(target.getConstraintOrderedTableNameClosure()));
          if (toOne.hasJoinTable()) {
            others.add(toOne.getForeignKeyDescriptor().getKeyTable());
          }
        }
      }
    }
    return others;
  }

  /** Returns whether an association is to the id of its target, held in a row of its owner. */
  static boolean isByOwnKey(ToOneAttributeMapping toOne) {
    return toOne.getSideNature() == ForeignKeyDescriptor.Nature.KEY
        && toOne.isReferenceToPrimaryKey()
        && !toOne.hasJoinTable()
        && !toOne.hasNotFoundAction();
  }

  /** Returns what raw SQL in the mapping of collections reads, by the tables it is applied to. */
  private Map<String, Fragments> collections() {
    Map<String, Fragments> all = new HashMap<>();
    for (org.hibernate.mapping.Collection collection : metadata.getCollectionBindings()) {
      Set<String> raw = new LinkedHashSet<>();
      Stream.of(collection.getWhere(), collection.getManyToManyWhere())
          .filter(Objects::nonNull)
          .forEach(raw::add);
      collection.getFilters().forEach(filter -> raw.add(filter.getCondition()));
      collection.getManyToManyFilters().forEach(filter -> raw.add(filter.getCondition()));
      String order = collection.getOrderBy();
      if (order != null && order.contains("(")) {
        raw.add(order);
      }
      if (!raw.isEmpty()) {
        CollectionPersister persister =
            factory.getMappingMetamodel().getCollectionDescriptor(collection.getRole());
        for (String table : persister.getCollectionSpaces()) {
          all.merge(DataTags.bare(table), Fragments.of(raw, sql), Fragments::and);
        }
      }
    }
    return all;
  }

  private void subselect(EntityPersister persister, Map<String, Set<String>> subselects) {
    PersistentClass mapping = metadata.getEntityBinding(persister.getEntityName());
    Table table = mapping == null ? null : mapping.getTable();
    if (table != null && table.isSubselect()) {
      Set<String> declared = new LinkedHashSet<>(mapping.getSynchronizedTables());
      subselects.put("( " + table.getSubselect() + " )", declared);
    }
  }
}
