package larder.writebehind;

import java.time.Duration;
import java.util.List;

/**
 * A partition as Redis has it at one moment.
 *
 * @param length how many entries wait
 * @param oldest how long the first has waited; zero if there is none
 * @param holder the node that had the lease before this look; empty if none
 * @param attempts how often its first entries have failed
 * @param entries the first of them, if this node has the lease now; else none
 */
record Taken(long length, Duration oldest, String holder, int attempts, List<Entry> entries) {

  Taken {
    entries = List.copyOf(entries);
  }
}
