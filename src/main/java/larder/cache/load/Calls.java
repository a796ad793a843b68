package larder.cache.load;

import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.LogFollower;
import larder.cache.transaction.SurroundingCalls;

/** The calls of this thread, as transactions know them. */
public final class Calls implements SurroundingCalls {

  private final LogFollower follower;

  /**
   * @param follower decides up to where a call knows everything
   */
  public Calls(LogFollower follower) {
    this.follower = follower;
  }

  @Override
  public void unseen() {
    Call.keepPrivate();
  }

  @Override
  public void committed(TransactionId transaction, Tags named) {
    Call.committed(follower, transaction, named);
  }
}
