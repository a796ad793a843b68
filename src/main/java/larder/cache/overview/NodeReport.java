package larder.cache.overview;

import java.time.Duration;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * How this node stands.
 *
 * @param name its name in the log, drawn at its start
 * @param current whether it is proven current within the bound
 * @param trouble what keeps it from working as it should, and what it does instead; null if nothing
 * @param position the last record of the log that it has applied
 * @param lag time since the instant before which every change is known here; null if there is none
 * @param bound the most that lag may be
 * @param level what the bound rests on: {@code OUTBOX}, {@code LOG} or {@code UNDECIDED}
 * @param relayTrouble why this node's relay cannot work; null if it does, or if there is none
 * @param redisAnswers whether Redis answers in time
 * @param near what this process holds
 * @param heap the memory of this process
 */
public record NodeReport(
    String name,
    boolean current,
    @Nullable String trouble,
    Position position,
    @Nullable Duration lag,
    Duration bound,
    String level,
    @Nullable String relayTrouble,
    boolean redisAnswers,
    Near near,
    Heap heap) {

  /**
   * The memory for objects of this process, in bytes.
   *
   * @param used what is taken, garbage included
   * @param most what may be taken
   */
  public record Heap(long used, long most) {}

  /**
   * The entries in this process.
   *
   * @param bytes their size, as estimated
   * @param mostBytes what they may take at most
   * @param evictions entries given up for room
   */
  public record Near(long entries, long bytes, long mostBytes, long evictions) {}
}
