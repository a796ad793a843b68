package larder.nodes;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/** A service with the annotations that people write, and nothing else about caching. */
@Service
class Items {

  private final JdbcTemplate jdbc;
  private final EntityManager entities;
  private final Hooks hooks;

  Items(JdbcTemplate jdbc, EntityManager entities, Hooks hooks) {
    this.jdbc = jdbc;
    this.entities = entities;
    this.hooks = hooks;
  }

  @Cacheable("items")
  Item find(long id) {
    Item found = row(id).orElseThrow();
    hooks.read(id);
    return found;
  }

  @Cacheable("items")
  @Transactional(readOnly = true)
  Item findInReadOnlyTransaction(long id) {
    return find(id);
  }

  @Cacheable("rows")
  Item findByJpa(long id) {
    ItemRow found = entities.find(ItemRow.class, id);
    hooks.read(id);
    return found.toItem();
  }

  @CacheEvict(cacheNames = "items", key = "#id")
  void write(long id, String text) {
    update(id, text);
    hooks.read("written " + id);
  }

  @Transactional
  @CacheEvict(cacheNames = "items", key = "#id")
  void writeInTransaction(long id, String text) {
    update(id, text);
  }

  @Transactional
  @CacheEvict(
      cacheNames = {"rows", "items"},
      key = "#id")
  void writeByJpa(long id, String text) {
    entities.find(ItemRow.class, id).changeText(text);
  }

  @CachePut(cacheNames = "items", key = "#id")
  Item put(long id, String text) {
    update(id, text);
    return new Item(id, text);
  }

  @CachePut(cacheNames = "items", key = "#id")
  @Transactional
  Item putAndGiveUp(long id, String text) {
    update(id, text);
    TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
    return new Item(id, text);
  }

  @CachePut("items")
  Item refresh(long id) {
    Item found = row(id).orElseThrow();
    hooks.read(id);
    return found;
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  @CacheEvict(cacheNames = "items", key = "#id")
  void writeInNewTransaction(long id, String text) {
    update(id, text);
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  @CachePut(cacheNames = "items", key = "#id")
  Item putInNewTransaction(long id, String text) {
    update(id, text);
    return new Item(id, text);
  }

  @Transactional(propagation = Propagation.NOT_SUPPORTED)
  @CacheEvict(cacheNames = "items", allEntries = true)
  void writeWithoutTransactionAndClear(long id, String text) {
    update(id, text);
  }

  @Transactional
  @CacheEvict(cacheNames = "items", key = "#id", beforeInvocation = true)
  void writeEvictingBefore(long id, String text) {
    update(id, text);
    hooks.read("before " + id);
  }

  @Caching(
      evict = {
        @CacheEvict(cacheNames = "items", key = "#id"),
        @CacheEvict(cacheNames = "optional-items", key = "#id"),
        @CacheEvict(cacheNames = "item-lists", allEntries = true)
      })
  @Transactional
  void writeEverywhere(long id, String text) {
    update(id, text);
  }

  @CacheEvict(cacheNames = "items", allEntries = true)
  void clear() {}

  @Cacheable("optional-items")
  Optional<Item> optional(long id) {
    Optional<Item> found = row(id);
    hooks.read(id);
    return found;
  }

  @Cacheable("item-lists")
  List<String> texts(long id) {
    Item found = row(id).orElseThrow();
    hooks.read(id);
    return new ArrayList<>(List.of(found.text(), "second"));
  }

  @Cacheable("later-items")
  CompletableFuture<Item> later(long id) {
    hooks.read(id);
    return CompletableFuture.supplyAsync(() -> row(id).orElseThrow());
  }

  @Cacheable(cacheNames = "some-items", unless = "#result.text.startsWith('secret')")
  Item findUnlessSecret(long id) {
    Item found = row(id).orElseThrow();
    hooks.read(id);
    return found;
  }

  /** A value made from other cached values. */
  @Cacheable(cacheNames = "nested", key = "#key")
  String nested(String key, Function<String, String> made) {
    hooks.read(key);
    return made.apply(key);
  }

  private Optional<Item> row(long id) {
    return jdbc
        .query(
            "select id, text from item where id = ?",
            (row, number) -> new Item(row.getLong(1), row.getString(2)),
            id)
        .stream()
        .findFirst();
  }

  private void update(long id, String text) {
    jdbc.update("update item set text = ? where id = ?", text, id);
  }
}
