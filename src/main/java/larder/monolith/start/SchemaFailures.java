package larder.monolith.start;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.hibernate.tool.schema.spi.SchemaManagementException;

/**
 * What to say when the database's schema and this build do not fit each other.
 *
 * <p>A database that is <em>newer</em> than the build is no failure: during a rolling deploy an
 * older node meets it for a while. Flyway warns, and Hibernate's validation still stops a node
 * whose tables or columns are gone.
 */
final class SchemaFailures {

  private SchemaFailures() {}

  /** Returns what to say about the failure, or nothing if it is not about the schema. */
  static Optional<StartFailure> explain(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> ofCause(cause).stream())
        .findFirst();
  }

  private static Optional<StartFailure> ofCause(Throwable cause) {
    String message = Objects.requireNonNullElse(cause.getMessage(), "");
    if (cause instanceof FlywayValidateException) {
      return Optional.of(changed(message));
    }
    if (cause instanceof FlywayException) {
      return Optional.of(failed(message));
    }
    if (cause instanceof SchemaManagementException) {
      return Optional.of(unfit(message));
    }
    return Optional.empty();
  }

  private static StartFailure changed(String message) {
    return new StartFailure(
        "The database was migrated with other files than this build has in db/migration. "
            + message.lines().limit(5).reduce((a, b) -> a + System.lineSeparator() + b).orElse(""),
        """
        A migration that a database has had must stay as it is. Restore the file, and put the \
        change into a new one with the next number. A development database can be given up \
        instead: stop the application and delete the folder .larder.""");
  }

  private static StartFailure failed(String message) {
    return new StartFailure(
        "A migration of the schema failed; what it did is rolled back. " + message,
        "Put right what the message names, in the database or in the migration, and start again.");
  }

  private static StartFailure unfit(String message) {
    return new StartFailure(
        "The database's schema is not what this build needs. " + message,
        """
        Run the build that belongs to this schema. If the schema is newer than the build, this \
        node is too old for it; if it was changed by hand, undo that.""");
  }
}
