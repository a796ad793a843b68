package larder.monolith;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The monolith's entry point. */
@SpringBootApplication
public class Application {

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  /** The wall clock that all of the monolith reads. */
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
