package larder.monolith.start;

import org.springframework.boot.SpringApplication.AbandonedRunException;

/**
 * The end of a start whose reason has been reported already, so that Spring Boot adds no stack
 * trace of its own.
 */
public final class StartRefusedException extends AbandonedRunException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  StartRefusedException(String reason) {
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return reason;
  }
}
