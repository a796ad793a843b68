package larder.monolith;

import java.time.Clock;
import larder.monolith.start.CheckedApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

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

  /** The wall clock that all of the monolith reads. */
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
