package larder.cache.autoconfigure;

import larder.cache.bulk.InvalidBulkMethodException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of a bulk method that cannot be one, and what to change. */
final class InvalidBulkMethodFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidBulkMethodException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidBulkMethodException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
  }
}
