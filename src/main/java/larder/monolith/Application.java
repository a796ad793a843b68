package larder.monolith;

import larder.monolith.start.CheckedApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The monolith's entry point. */
@SpringBootApplication
public class Application {

  public static void main(String[] args) {
    create().runOrExit(args);
  }

  /** Returns the application, not yet running, for others to add settings to. */
  public static CheckedApplication create() {
    return new CheckedApplication(Application.class);
  }
}
