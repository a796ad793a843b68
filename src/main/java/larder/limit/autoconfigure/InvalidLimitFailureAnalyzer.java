package larder.limit.autoconfigure;

import larder.limit.InvalidLimitException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of a rate limit that cannot hold, and what to change. */
final class InvalidLimitFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLimitException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidLimitException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
  }
}
