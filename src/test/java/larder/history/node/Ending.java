package larder.history.node;

import org.springframework.stereotype.Component;

/** The end of a node's work, and what the checker has armed. */
@Component
class Ending {

  private volatile boolean reached;
  private volatile boolean armed;

  boolean isReached() {
    return reached;
  }

  void reach() {
    reached = true;
  }

  /** Has the next writer stop for good between its commit and its append. */
  void arm() {
    armed = true;
  }

  /** Whether the caller is the one to stop; true for one caller. */
  synchronized boolean disarm() {
    boolean was = armed;
    armed = false;
    return was;
  }
}
