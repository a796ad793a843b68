package larder.writebehind;

import java.time.Duration;
import java.util.List;

/**
 * A buffer as this node saw it last, and what this node has done for it since its start.
 *
 * @param name the buffer's name
 * @param known whether Redis has told; if not, length, age and owners are those of no partition
 * @param length how many writes wait
 * @param bound how many may
 * @param oldest how long the first of them waits
 * @param perSecond writes applied by this node in each second of the last minute, on average
 * @param appended writes that Redis took
 * @param refused writes that it did not take
 * @param unknown writes whose answer got lost
 * @param dropped refused writes that were given up
 * @param writtenThrough refused writes that their callers wrote
 * @param applied writes that this node has written behind
 * @param repeated writes that were taken again, and known
 * @param retries attempts that failed
 * @param buried writes that this node has put aside
 * @param failing partitions whose first writes have failed and are tried again
 * @param owners of each partition the node that was at it at the last look; empty if none
 */
public record BufferReport(
    String name,
    boolean known,
    long length,
    long bound,
    Duration oldest,
    double perSecond,
    long appended,
    long refused,
    long unknown,
    long dropped,
    long writtenThrough,
    long applied,
    long repeated,
    long retries,
    long buried,
    int failing,
    List<String> owners) {

  public BufferReport {
    owners = List.copyOf(owners);
  }
}
