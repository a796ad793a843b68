package larder.monolith.jobs;

import java.time.Duration;
import larder.locks.Exclusive;
import larder.locks.FencingToken;
import larder.locks.jdbc.FencedWrites;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.Assert;

/** The nightly job: removes what has aged out. */
@Service
public class Housekeeping {

  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  /** No owner of a lock is paused for so long and then writes. */
  private static final Duration FENCES_KEPT = Duration.ofDays(30);

  private final FencedWrites fences;

  Housekeeping(FencedWrites fences) {
    this.fences = fences;
  }

  /**
   * Forgets the numbers of locks under which nobody has written for long, all or nothing.
   *
   * @param token null: the number of this run is filled in
   */
  @Exclusive(name = "nightly", atLeast = "5m")
  @Transactional
  public void run(@Nullable FencingToken token) {
    Assert.state(token != null, "No number was filled in");
    fences.check(token);
    int forgotten = fences.forget(FENCES_KEPT);
    log.info("The nightly job has forgotten {} fences", forgotten);
  }
}
