package larder.cache.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Writes;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a tracked data source tells of statements, when, and how often. */
class TrackedDataSourceIntegrationTests {

  private static final Database DATABASE = TestServers.freshDatabase();
  private static final String UPDATE = "update t set a = a + 1";

  private final List<Set<String>> committed = new ArrayList<>();
  private final StatementEffects effects =
      new StatementEffects(
          () -> name -> name.equals("t") || name.equals("u") ? Set.of(name) : Set.of(),
          () -> new Committed(committed),
          table -> Set.of());
  private final DataSource plain =
      new DriverManagerDataSource(DATABASE.url(), DATABASE.user(), DATABASE.password());
  private final DataSource tracked = TrackedDataSource.of(plain, effects);

  /** Takes what is told as committed, and fails on anything else. */
  private record Committed(List<Set<String>> told) implements Writes {

    @Override
    public void row(String table, String id, boolean newKey) {
      throw new AssertionError("A statement's text tells of no rows, was: " + table + " " + id);
    }

    @Override
    public void table(String table) {
      tables(Set.of(table));
    }

    @Override
    public void tables(Collection<String> tables) {
      if (!tables.isEmpty()) {
        told.add(new TreeSet<>(tables));
      }
    }

    @Override
    public void unknown(String what) {}

    @Override
    public Writes committed() {
      return this;
    }
  }

  @BeforeEach
  void createTables() {
    new JdbcTemplate(plain)
        .execute("create table if not exists t (a int); create table if not exists u (a int)");
  }

  @Test
  void aStatementThatCommitsByItselfIsToldAtOnceAndOnce() {
    new JdbcTemplate(tracked).update(UPDATE);
    assertThat(committed).containsExactly(Set.of("t"));
  }

  @Test
  void aTransactionOfTheConnectionIsToldAsOneWhenItCommits() throws SQLException {
    try (Connection connection = tracked.getConnection()) {
      connection.setAutoCommit(false);
      run(connection, UPDATE);
      run(connection, UPDATE);
      run(connection, "delete from u");
      assertThat(committed).isEmpty();
      connection.commit();
      assertThat(committed).containsExactly(Set.of("t", "u"));
      run(connection, UPDATE);
      connection.rollback();
    }
    assertThat(committed).hasSize(1);
  }

  @Test
  void whatAnotherTellsIsNotToldHoweverManyStandIns() throws SQLException {
    DataSource nested = TrackedDataSource.of(new DelegatingDataSource(tracked), effects);
    try (Connection connection = nested.getConnection()) {
      ToldStatements.next(UPDATE);
      try (PreparedStatement statement = connection.prepareStatement(UPDATE)) {
        statement.executeUpdate();
      }
      assertThat(committed).isEmpty();
      try (PreparedStatement statement = connection.prepareStatement(UPDATE)) {
        statement.executeUpdate();
      }
    }
    assertThat(committed).containsExactly(Set.of("t"));
  }

  @Test
  void aStandInAroundAnUntrackedOneTellsOnce() {
    DataSource nested = TrackedDataSource.of(new Final(tracked), effects);
    new JdbcTemplate(nested).update(UPDATE);
    assertThat(committed).containsExactly(Set.of("t"));
  }

  /** Nobody can derive from it, and its connections are stand-ins of its own. */
  private static final class Final extends DelegatingDataSource {

    Final(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection inner = super.getConnection();
      return (Connection)
          TrackedConnection.proxy(
              inner,
              (proxy, method, arguments) -> TrackedConnection.answer(inner, method, arguments));
    }
  }

  @Test
  void whatALoadReadsInATransactionOfTheConnectionIsForItselfAlone() throws SQLException {
    Reads reads = new Reads(10);
    Reads.Span span = reads.resume();
    try (Connection connection = tracked.getConnection()) {
      run(connection, "select a from t");
      assertThat(reads.isPrivate()).isFalse();
      connection.setAutoCommit(false);
      run(connection, "select a from u");
      connection.rollback();
    } finally {
      span.close();
    }
    assertThat(reads.isPrivate()).isTrue();
    assertThat(reads.tables()).containsExactly("t", "u");
    assertThat(reads.unknown()).isEmpty();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
