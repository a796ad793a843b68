package larder.history.node;

import static larder.history.node.Workload.FIRST_PART;
import static larder.history.node.Workload.PER_BUCKET;
import static larder.history.node.Workload.PER_OWNER;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The service of the nodes: reads through caches, and writes of every kind that raise stamps.
 *
 * <p>Each write locks its rows before it raises them, so a row's stamp grows by one with each
 * commit and in the order of commits.
 */
@Service
class Stamps {

  private final EntityManager entities;
  private final Workload workload;

  Stamps(EntityManager entities, Workload workload) {
    this.entities = entities;
    this.workload = workload;
  }

  @Cacheable("rows")
  Stamped find(int id) {
    Stamped found = entities.find(ItemRow.class, id).toStamped();
    takeTime();
    return found;
  }

  @Cacheable("rows")
  @Transactional(readOnly = true)
  Stamped findInTransaction(int id) {
    Stamped found = entities.find(ItemRow.class, id).toStamped();
    takeTime();
    return found;
  }

  @Cacheable("buckets")
  List<Stamped> bucket(int bucket) {
    List<Stamped> found =
        entities
            .createQuery(
                "select new larder.history.node.Stamped(i.id, i.stamp) from ItemRow i"
                    + " where i.bucket = :bucket",
                Stamped.class)
            .setParameter("bucket", bucket)
            .getResultList();
    takeTime();
    return found;
  }

  @Cacheable("parts")
  List<Stamped> parts(int owner) {
    return partsOf(owner);
  }

  @Cacheable("parts")
  @Transactional(readOnly = true)
  List<Stamped> partsInTransaction(int owner) {
    return partsOf(owner);
  }

  private List<Stamped> partsOf(int owner) {
    List<Stamped> found =
        entities
            .createQuery(
                "select new larder.history.node.Stamped(p.id, p.stamp) from PartRow p"
                    + " where p.owner = :owner",
                Stamped.class)
            .setParameter("owner", owner)
            .getResultList();
    takeTime();
    return found;
  }

  @Transactional
  @Caching(
      evict = {
        @CacheEvict(cacheNames = "rows", key = "#id"),
        @CacheEvict(cacheNames = "buckets", key = "#bucket")
      })
  void raiseItemAnnotated(int id, int bucket, Writing writing) {
    raiseItem(id, writing);
  }

  @Transactional
  @CacheEvict(cacheNames = "parts", key = "#owner")
  void raisePartAnnotated(int id, int owner, Writing writing) {
    raisePart(id, writing);
  }

  @Transactional
  void raiseForgetful(int id, Writing writing) {
    if (id < FIRST_PART) {
      raiseItem(id, writing);
    } else {
      raisePart(id, writing);
    }
  }

  @Transactional
  void raiseInBulk(int id, Writing writing) {
    boolean item = id < FIRST_PART;
    String entity = item ? "ItemRow" : "PartRow";
    String column = item ? "bucket" : "owner";
    int group = item ? bucketOf(id) : ownerOf(id);
    entities
        .createQuery(
            "update %s r set r.stamp = r.stamp + 1 where r.%s = :group".formatted(entity, column))
        .setParameter("group", group)
        .executeUpdate();
    entities
        .createQuery(
            "select new larder.history.node.Stamped(r.id, r.stamp) from %s r where r.%s = :group"
                .formatted(entity, column),
            Stamped.class)
        .setParameter("group", group)
        .getResultList()
        .forEach(writing::raised);
  }

  @Transactional
  void raiseNatively(int id, Writing writing) {
    String table = id < FIRST_PART ? "history_item" : "history_part";
    entities
        .createNativeQuery("update %s set stamp = stamp + 1 where id = :id".formatted(table))
        .setParameter("id", id)
        .executeUpdate();
    Number stamp =
        (Number)
            entities
                .createNativeQuery("select stamp from %s where id = :id".formatted(table))
                .setParameter("id", id)
                .getSingleResult();
    writing.raised(new Stamped(id, stamp.longValue()));
  }

  static int bucketOf(int id) {
    return id / PER_BUCKET;
  }

  static int ownerOf(int id) {
    return (id - FIRST_PART) / PER_OWNER;
  }

  private void raiseItem(int id, Writing writing) {
    ItemRow row = entities.find(ItemRow.class, id, LockModeType.PESSIMISTIC_WRITE);
    writing.raised(new Stamped(id, row.raise()));
  }

  private void raisePart(int id, Writing writing) {
    PartRow row = entities.find(PartRow.class, id, LockModeType.PESSIMISTIC_WRITE);
    writing.raised(new Stamped(id, row.raise()));
  }

  /** Comes back late, now and then, with what was read before. */
  private void takeTime() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextDouble() < workload.slowShare()) {
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(random.nextInt(workload.slowMillis() + 1)));
    }
  }
}
