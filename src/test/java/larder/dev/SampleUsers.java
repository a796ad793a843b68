package larder.dev;

import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The sample users, added once to a database after its schema is there.
 *
 * <p>They have a migration history of their own, so that a build that knows no sample users, such
 * as the runnable jar, accepts the same database. A sample user who was changed or deleted stays
 * so.
 */
final class SampleUsers implements ApplicationContextInitializer<GenericApplicationContext> {

  /** The sign-ins that the login page and the console tell. */
  static final String SIGN_IN = "ada / larder-demo (administrator) or grace / larder-demo (member)";

  private static final Logger LOG = LoggerFactory.getLogger(DevApplication.class);

  @Override
  public void initialize(GenericApplicationContext context) {
    context.registerBean(FlywayMigrationStrategy.class, () -> SampleUsers::migrate);
  }

  private static void migrate(Flyway schema) {
    LOG.info("Migrating the schema");
    schema.migrate();
    LOG.info("Adding sample users, unless they are there");
    add(schema);
  }

  /** Adds the sample users to the database that {@code schema} migrates. */
  static void add(Flyway schema) {
    Flyway.configure()
        .configuration(schema.getConfiguration())
        .locations("classpath:db/sample")
        .table("sample_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }
}
