package larder.nodes;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import larder.cache.ReadsTables;
import org.hibernate.Session;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** A service as a forgetful developer writes it: what is read is cached, and nothing is evicted. */
@Service
class TrackedItems {

  private final JdbcTemplate jdbc;
  private final DataSource database;
  private final EntityManager entities;
  private final Executor executor;
  private final Hooks hooks;

  TrackedItems(
      JdbcTemplate jdbc,
      DataSource database,
      EntityManager entities,
      @Qualifier("applicationTaskExecutor") Executor executor,
      Hooks hooks) {
    this.jdbc = jdbc;
    this.database = database;
    this.entities = entities;
    this.executor = executor;
    this.hooks = hooks;
  }

  @Cacheable("by-id")
  String byId(long id) {
    hooks.read("by-id " + id);
    ItemRow found = entities.find(ItemRow.class, id);
    return found == null ? "" : found.toItem().text();
  }

  @Cacheable("required")
  String required(long id) {
    return entities
        .createQuery("select i.text from ItemRow i where i.id = :id", String.class)
        .setParameter("id", id)
        .getSingleResult();
  }

  /** Is never cached, and read all the same. */
  @Cacheable(cacheNames = "never", condition = "false")
  String uncached(long id) {
    return entities.find(ItemRow.class, id).toItem().text();
  }

  String inExecutor(Supplier<String> read) {
    return CompletableFuture.supplyAsync(read, executor).join();
  }

  @Cacheable("by-query")
  List<String> byQuery(long id) {
    hooks.read("by-query " + id);
    return List.copyOf(
        entities
            .createQuery("select i.text from ItemRow i where i.id = :id", String.class)
            .setParameter("id", id)
            .getResultList());
  }

  @Cacheable("by-native")
  List<String> byNative(long id) {
    hooks.read("by-native " + id);
    List<?> found =
        entities
            .createNativeQuery("select text from item where id = :id", String.class)
            .setParameter("id", id)
            .getResultList();
    return found.stream().map(String.class::cast).toList();
  }

  @Cacheable("by-jdbc")
  List<String> byJdbc(long id) {
    hooks.read("by-jdbc " + id);
    return List.copyOf(jdbc.queryForList("select text from item where id = ?", String.class, id));
  }

  @Cacheable("later-by-id")
  CompletableFuture<String> later(long id) {
    hooks.read("later-by-id " + id);
    return CompletableFuture.supplyAsync(
        () -> entities.find(ItemRow.class, id).toItem().text(), executor);
  }

  /** Asks a function, of which nobody knows what it reads. */
  @Cacheable("by-function")
  List<String> byFunction(long id) {
    hooks.read("by-function " + id);
    return List.copyOf(jdbc.queryForList("select text_of(?)", String.class, id));
  }

  /** Depends on its time alone; reads what nobody can name. */
  @Cacheable("untracked")
  String untracked(long id) {
    hooks.read("untracked " + id);
    return textBy("select text_of(?)", id);
  }

  /** As {@link #untracked}, and throws if there is no such row. */
  @Cacheable("untracked-required")
  String untrackedRequired(long id) {
    return textBy("select text from item where id = ?", id);
  }

  /** As {@link #untracked}, and its values are never kept. */
  @Cacheable(cacheNames = "untracked-refused", unless = "true")
  String untrackedRefused(long id) {
    return textBy("select text from item where id = ?", id);
  }

  /** As {@link #untracked}; leaves an entity in the persistence context of its caller. */
  @Cacheable("untracked-entity")
  String untrackedEntity(long id) {
    return entities.find(ItemRow.class, id).toItem().text();
  }

  /** As {@link #untracked}; reads in another thread. */
  @Cacheable("untracked-elsewhere")
  String untrackedElsewhere(long id) {
    return inExecutor(() -> textBy("select text from item where id = ?", id));
  }

  /** As {@link #untracked}; on a connection whose transaction nobody else sees. */
  @Cacheable("untracked-own-transaction")
  String untrackedInOwnTransaction(long id) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement read =
          connection.prepareStatement("select text from item where id = " + id)) {
        return String.valueOf(read.execute());
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String textBy(String sql, long id) {
    return Objects.requireNonNull(jdbc.queryForObject(sql, String.class, id));
  }

  @Cacheable("by-declared-function")
  @ReadsTables("item")
  List<String> byDeclaredFunction(long id) {
    hooks.read("by-declared-function " + id);
    return List.copyOf(jdbc.queryForList("select text_of(?)", String.class, id));
  }

  @Transactional
  void changeEntity(long id, String text) {
    entities.find(ItemRow.class, id).changeText(text);
  }

  @Transactional
  void changeByQuery(long id, String text) {
    entities
        .createQuery("update ItemRow i set i.text = :text where i.id = :id")
        .setParameter("text", text)
        .setParameter("id", id)
        .executeUpdate();
  }

  @Transactional
  void changeByNative(long id, String text) {
    entities
        .createNativeQuery("update item set text = :text where id = :id")
        .setParameter("text", text)
        .setParameter("id", id)
        .executeUpdate();
  }

  @Transactional
  void changeByJdbc(long id, String text) {
    changeByJdbcAtOnce(id, text);
  }

  void changeByJdbcAtOnce(long id, String text) {
    jdbc.update("update item set text = ? where id = ?", text, id);
  }

  @Transactional
  void changeInBatch(long id, String text) {
    jdbc.batchUpdate(
        "update item set text = ? where id = ?", List.of(new Object[] {text, id}, args(-id)));
  }

  private static Object[] args(long id) {
    return new Object[] {"nobody", id};
  }

  /** In a transaction that only the connection knows of. */
  void changeInOwnTransaction(long id, String text) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement update =
          connection.prepareStatement("update item set text = ? where id = ?")) {
        update.setString(1, text);
        update.setLong(2, id);
        update.executeUpdate();
        hooks.read("uncommitted " + id);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** On the connection of the session that Spring's transaction has. */
  @Transactional
  void changeByWork(long id, String text) {
    entities
        .unwrap(Session.class)
        .doWork(
            connection -> {
              try (PreparedStatement update =
                  connection.prepareStatement("update item set text = ? where id = ?")) {
                update.setString(1, text);
                update.setLong(2, id);
                update.executeUpdate();
              }
            });
  }
}
