package larder.notice;

/** Learns that a subscription may have something to take. */
@FunctionalInterface
public interface NoticeListener {

  /**
   * Called when there may be something to take, by whichever thread heard of it, with a lock held
   * on all subscriptions of the node: returns at once, and leaves the work to a thread of its own.
   * May be called when there is nothing.
   */
  void available();
}
