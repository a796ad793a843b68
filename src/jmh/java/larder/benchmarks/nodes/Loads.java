package larder.benchmarks.nodes;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.springframework.stereotype.Component;

/** The loads of a node: counted, and slow if they are to overlap. */
@Component
class Loads {

  private final LongAdder count = new LongAdder();
  private volatile long longerNanos;

  /** A member was read in the database. */
  void loaded() {
    count.increment();
    if (longerNanos > 0) {
      LockSupport.parkNanos(longerNanos);
    }
  }

  /** Has each take longer by so much. */
  void takeLonger(long nanos) {
    longerNanos = nanos;
  }

  /** Returns how many there were. */
  long count() {
    return count.sum();
  }
}
