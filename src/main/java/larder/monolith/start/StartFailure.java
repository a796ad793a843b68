package larder.monolith.start;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter;

/**
 * Why the monolith does not start, for the person who runs it.
 *
 * @param description what is wrong
 * @param action what puts it right
 */
record StartFailure(String description, String action) {

  /** Reports the failure in Spring Boot's form and returns the exception that ends the start. */
  StartRefusedException report(Throwable cause) {
    new LoggingFailureAnalysisReporter().report(new FailureAnalysis(description, action, cause));
    return new StartRefusedException(description);
  }
}
