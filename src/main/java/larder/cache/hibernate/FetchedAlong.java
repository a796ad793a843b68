package larder.cache.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import larder.cache.tracking.Reads;
import org.hibernate.Hibernate;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.sql.results.graph.BiDirectionalFetch;
import org.hibernate.sql.results.graph.Fetch;
import org.hibernate.sql.results.graph.FetchParent;
import org.hibernate.sql.results.graph.basic.BasicFetch;
import org.hibernate.sql.results.graph.collection.internal.DelayedCollectionFetch;
import org.hibernate.sql.results.graph.collection.internal.EagerCollectionFetch;
import org.hibernate.sql.results.graph.collection.internal.SelectEagerCollectionFetch;
import org.hibernate.sql.results.graph.embeddable.EmbeddableResultGraphNode;
import org.hibernate.sql.results.graph.entity.internal.EntityDelayedFetchImpl;
import org.hibernate.sql.results.graph.entity.internal.EntityFetchJoinedImpl;
import org.hibernate.sql.results.graph.entity.internal.EntityFetchSelectImpl;
import org.jspecify.annotations.Nullable;

/**
 * What a load by id fetches in the same select: instances found by the id that their owner holds
 * are read as rows, everything else as tables.
 */
final class FetchedAlong {

  /** An association from an instance to one that was joined to it by its id. */
  private record Joined(ToOneAttributeMapping toOne, EntityModel target, FetchedAlong along) {}

  private final List<Joined> joined = new ArrayList<>();
  private final Set<String> tables = new LinkedHashSet<>();
  private final Set<String> others = new LinkedHashSet<>();

  private FetchedAlong() {}

  /** Returns what is fetched with a result; null if something is whose kind is not known. */
  static @Nullable FetchedAlong with(FetchParent result, FactoryModel model) {
    FetchedAlong along = new FetchedAlong();
    return along.walk(result, /* direct= */ true, model) ? along : null;
  }

  /** Returns the tables that are read by the ids of their rows alone, unless others says more. */
  Set<String> tables() {
    return tables;
  }

  /** Returns tables that are read otherwise. */
  Set<String> others() {
    return others;
  }

  /**
   * @param direct whether the parent is an instance whose own attributes these are
   */
  private boolean walk(FetchParent parent, boolean direct, FactoryModel model) {
    for (Fetch fetch : parent.getFetches()) {
      boolean known;
      if (fetch instanceof EntityFetchJoinedImpl entity) {
        known = joined(entity, direct, model);
      } else if (fetch instanceof EagerCollectionFetch collection) {
        known = collection(collection, model);
      } else if (fetch instanceof EmbeddableResultGraphNode inner) {
        known = walk(inner, /* direct= */ false, model);
      } else {
        known = readsNothing(fetch);
      }
      if (!known) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a fetch is of the row itself, or left to a select of its own. */
  private static boolean readsNothing(Fetch fetch) {
    return fetch instanceof BasicFetch<?>
        || fetch instanceof BiDirectionalFetch
        || fetch instanceof EntityDelayedFetchImpl
        || fetch instanceof EntityFetchSelectImpl
        || fetch instanceof DelayedCollectionFetch
        || fetch instanceof SelectEagerCollectionFetch;
  }

  private boolean joined(EntityFetchJoinedImpl fetch, boolean direct, FactoryModel model) {
    EntityMappingType type =
        fetch.getEntityResult().getEntityValuedModelPart().getEntityMappingType();
    EntityModel target = model.entity(type.getEntityName());
    if (direct
        && fetch.getFetchedMapping() instanceof ToOneAttributeMapping toOne
        && target.rowTags()
        && FactoryModels.isByOwnKey(toOne)) {
      FetchedAlong along = with(fetch.getEntityResult(), model);
      if (along != null) {
        tables.addAll(target.tables());
        tables.addAll(along.tables);
        others.addAll(along.others);
        joined.add(new Joined(toOne, target, along));
      }
      return along != null;
    }
    others.addAll(target.tables());
    return walk(fetch.getEntityResult(), /* direct= */ false, model);
  }

  private boolean collection(EagerCollectionFetch fetch, FactoryModel model) {
    String table = fetch.getFetchedMapping().getSeparateCollectionTable();
    if (table != null) {
      others.add(table);
    }
    return walk(fetch, /* direct= */ false, model);
  }

  /** The owner was found: what it refers to is read. */
  void read(
      Object owner, SharedSessionContractImplementor session, FactoryModel model, Reads reads) {
    Object instance = Hibernate.unproxy(owner);
    EntityPersister persister = session.getEntityPersister(null, instance);
    for (Joined one : joined) {
      Object value = declares(one.toOne(), persister) ? one.toOne().getValue(instance) : null;
      if (value == null || !Hibernate.isInitialized(value)) {
        one.target().tables().forEach(table -> model.read(table, reads));
        one.along().absent(model, reads);
      } else {
        Object target = Hibernate.unproxy(value);
        EntityPersister found = session.getEntityPersister(null, target);
        one.target().read(found.getIdentifier(target, session), reads, model);
        one.along().read(target, session, model, reads);
      }
    }
  }

  /** Returns whether instances of an entity have an association, which may be a subclass's. */
  private static boolean declares(AttributeMapping attribute, EntityPersister persister) {
    return attribute.getDeclaringType() instanceof EntityMappingType declaring
        ? persister.isTypeOrSuperType(declaring)
        : persister.findAttributeMapping(attribute.getAttributeName()) == attribute;
  }

  /** There is no owner: what might be joined to it is read as tables. */
  void absent(FactoryModel model, Reads reads) {
    for (Joined one : joined) {
      one.target().tables().forEach(table -> model.read(table, reads));
      one.along().absent(model, reads);
    }
  }
}
