package larder.nodes;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import larder.cache.BulkCacheable;
import larder.cache.CachePolicy;
import org.hibernate.Session;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Methods for one id and for several, which share their caches. */
@Service
@CachePolicy(caches = "bulk-fields", fields = true)
class BulkItems {

  private final EntityManager entities;
  private final Hooks hooks;
  private volatile Function<Collection<Long>, Map<Long, String>> answer = ids -> Map.of();
  private final Queue<Set<Long>> asked = new ConcurrentLinkedQueue<>();

  BulkItems(EntityManager entities, Hooks hooks) {
    this.entities = entities;
    this.hooks = hooks;
  }

  /** Returns the ids of each run of a bulk method since the last time. */
  List<Set<Long>> takeAsked() {
    List<Set<Long>> taken = new ArrayList<>();
    for (Set<Long> ids = asked.poll(); ids != null; ids = asked.poll()) {
      taken.add(ids);
    }
    return taken;
  }

  private void read(Collection<Long> ids) {
    Set<Long> sorted = new TreeSet<>(ids);
    asked.add(sorted);
    hooks.read("bulk " + sorted);
  }

  private List<ItemRow> rows(Collection<Long> ids) {
    return entities.unwrap(Session.class).findMultiple(ItemRow.class, List.copyOf(ids)).stream()
        .filter(Objects::nonNull)
        .toList();
  }

  private static Map<Long, Item> byId(List<ItemRow> rows) {
    Map<Long, Item> items = new TreeMap<>();
    for (ItemRow row : rows) {
      Item item = row.toItem();
      items.put(item.id(), item);
    }
    return items;
  }

  @Cacheable("bulk")
  Optional<Item> find(long id) {
    ItemRow found = entities.find(ItemRow.class, id);
    hooks.read("single " + id);
    return Optional.ofNullable(found).map(ItemRow::toItem);
  }

  @CachePut(cacheNames = "bulk", key = "#id")
  @Transactional
  Item put(long id, String text) {
    entities.find(ItemRow.class, id).changeText(text);
    return new Item(id, text);
  }

  @BulkCacheable(value = "bulk", ownRows = "item")
  @Transactional(readOnly = true)
  Map<Long, Item> findAll(Collection<Long> ids) {
    Map<Long, Item> found = byId(rows(ids));
    read(ids);
    return found;
  }

  @BulkCacheable("coarse")
  @Transactional(readOnly = true)
  Map<Long, Item> findAllCoarsely(Set<Long> ids) {
    read(ids);
    return byId(rows(ids));
  }

  @BulkCacheable(value = "by-query", ownRows = "item")
  Map<Long, Item> findAllByQuery(List<Long> ids) {
    read(ids);
    return byId(
        entities
            .createQuery("select i from ItemRow i where i.id in :ids", ItemRow.class)
            .setParameter("ids", ids)
            .getResultList());
  }

  /** Each value shows the row of the next id as well, which may be asked for itself. */
  @BulkCacheable("pairs")
  @Transactional(readOnly = true)
  Map<Long, String> pairs(Collection<Long> ids) {
    read(ids);
    Set<Long> both = new TreeSet<>(ids);
    ids.forEach(id -> both.add(id + 1));
    Map<Long, Item> items = byId(rows(both));
    Map<Long, String> pairs = new TreeMap<>();
    for (Long id : ids) {
      Item one = items.get(id);
      Item next = items.get(id + 1);
      if (one != null && next != null) {
        pairs.put(id, one.text() + " " + next.text());
      }
    }
    return pairs;
  }

  /** Throws if there is nothing, so that nobody expects null of its cache. */
  @Cacheable("strict")
  Item findStrictly(long id) {
    hooks.read("strict " + id);
    return Optional.ofNullable(entities.find(ItemRow.class, id)).orElseThrow().toItem();
  }

  @BulkCacheable(value = "strict", ownRows = "item")
  @Transactional(readOnly = true)
  Map<Long, Item> findAllThere(Collection<Long> ids) {
    read(ids);
    return byId(rows(ids));
  }

  @Cacheable("bulk-fields")
  Optional<String> field(long thing, String name) {
    hooks.read("field " + thing + " " + name);
    return name.equals("absent") ? Optional.empty() : Optional.of(name + " of " + thing);
  }

  @BulkCacheable("bulk-fields")
  Map<String, String> fields(long thing, Set<String> names) {
    hooks.read("fields " + thing + " " + new TreeSet<>(names));
    Map<String, String> found = new TreeMap<>();
    names.stream()
        .filter(name -> !name.equals("absent"))
        .forEach(name -> found.put(name, name + " of " + thing));
    return found;
  }

  /** Returns what it is told to, whatever it is asked for. */
  @BulkCacheable("odd")
  Map<Long, String> odd(Collection<Long> ids) {
    read(ids);
    return answer.apply(ids);
  }

  void answerOddly(Function<Collection<Long>, Map<Long, String>> oddly) {
    answer = oddly;
  }

  /** A value made of several. */
  @Cacheable(cacheNames = "made-of-bulk", key = "#key")
  String made(String key, Function<String, String> made) {
    hooks.read(key);
    return made.apply(key);
  }

  @Transactional
  void change(long id, String text) {
    entities.find(ItemRow.class, id).changeText(text);
  }

  @Transactional
  void insert(long id, String text) {
    entities.persist(new ItemRow(id, text));
  }
}
