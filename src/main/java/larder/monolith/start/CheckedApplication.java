package larder.monolith.start;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A Spring application that refuses to start, with one clear message, when its database is not
 * there or its schema does not fit.
 */
public final class CheckedApplication extends SpringApplication {

  /** The exit code of a refused start. */
  static final int REFUSED = 1;

  public CheckedApplication(Class<?> source) {
    super(source);
    addListeners(new DatabaseCheck());
  }

  /** Runs the application; a refused start ends the process. */
  public void runOrExit(String... args) {
    try {
      run(args);
    } catch (StartRefusedException e) {
      System.exit(REFUSED);
    }
  }

  @Override
  protected void refresh(ConfigurableApplicationContext context) {
    try {
      super.refresh(context);
    } catch (RuntimeException e) {
      throw SchemaFailures.explain(e).<RuntimeException>map(failure -> failure.report(e)).orElse(e);
    }
  }
}
