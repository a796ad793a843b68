package larder.locks;

import java.time.InstantSource;

/**
 * Beginnings by the clock of the node: for applications without a database.
 *
 * <p>A node whose clock is behind may begin lower than another did; then owners hold lower numbers
 * until the clock has caught up, and what checks numbers refuses them.
 */
public final class ClockEpochs implements FenceEpochs {

  private final InstantSource clock;

  public ClockEpochs(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Epoch next() {
    return new Epoch(clock.instant().getEpochSecond(), /* first= */ false);
  }
}
