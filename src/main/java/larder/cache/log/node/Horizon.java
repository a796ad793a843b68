package larder.cache.log.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import larder.cache.log.Position;
import larder.cache.log.Tags;

/**
 * What a node knows of one history of the log: for each tag the last record that named it.
 *
 * <h2>Layout</h2>
 *
 * A fixed array of slots in lines of eight, the size of a processor's cache line. A tag falls by
 * the high bits of its hash into a line and by the low ones on three slots of it; each slot has the
 * greatest record number of any tag that fell there. What is known of a tag is the least of its
 * three: none of them is less than the last record that named it. Tags that cover all three of
 * another condemn its values: a miss, never a stale read. With 10,000 tags named in 2<sup>20</sup>
 * slots, about 2 in 1,000 others are condemned, where one slot for each tag condemned 10. (A
 * counting filter of minima in blocks: Cormode and Muthukrishnan's count-min sketch; Putze, Sanders
 * and Singler, "Cache-, hash- and space-efficient Bloom filters".) Values from before {@code floor}
 * are condemned whatever their tags.
 *
 * <p>A <em>summary</em> of one place for every 128 slots is asked first: the greatest record number
 * of any tag that fell on a place. It is as true as the slots are, only coarser, and what it lets
 * pass need not be looked up among them. It stays in a processor's cache where the slots, 8 MB by
 * default, do not: most hits are on values that few changes came after, and each of their tags
 * would cost one access to memory.
 *
 * <p>A horizon belongs to one epoch for good. A new epoch is a new horizon, so a reader that holds
 * one reference sees position, floor, slots and claim of one history, without a lock.
 *
 * <h2>Memory order</h2>
 *
 * One thread at a time writes (see {@link LogFollower}); any number read. The writer raises slots,
 * summary or floor, then the position, then {@code currentAsOf}, each with release. A reader takes
 * {@code currentAsOf} with acquire <em>first</em> and reads floor, summary and slots after it. So a
 * reader that has seen the claim "current as of t" sees every slot that was raised before the claim
 * was made. The other way round, a reader that stops between slots and claim for as long as the
 * node needs to catch up would join old slots to a new claim. Slots may be newer than the claim;
 * that only condemns more.
 */
final class Horizon {

  /** The instant of a claim that was never made. */
  static final long NEVER = Long.MIN_VALUE;

  /** Slots in a line. */
  private static final int LINE = 8;

  /** Slots for each place of the summary. */
  private static final int SUMMED = 128;

  private static final short[] PLACES = places();

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle FLOOR = field("floor");
  private static final VarHandle POSITION = field("position");
  private static final VarHandle CURRENT_AS_OF = field("currentAsOf");

  private final long epoch;
  private final long[] slots;
  private final long[] summary;
  private final int shift;

  /** Written by one thread at a time, read by any through the handles; likewise the next two. */
  private long floor;

  private long position;
  private long currentAsOf = NEVER;

  /**
   * A horizon that knows nothing up to {@code floor} and stands there.
   *
   * @param slotCount a power of two from 16
   */
  Horizon(long epoch, long floor, int slotCount) {
    if (slotCount < 2 * LINE || Integer.bitCount(slotCount) != 1) {
      throw new IllegalArgumentException(
          "The number of slots must be a power of two from 16, was: " + slotCount);
    }
    this.epoch = epoch;
    this.floor = floor;
    this.position = floor;
    this.slots = new long[slotCount];
    this.summary = new long[Math.max(1, slotCount / SUMMED)];
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(slotCount / LINE);
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(Horizon.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  long epoch() {
    return epoch;
  }

  /** The number of the last record applied. */
  long n() {
    return (long) POSITION.getAcquire(this);
  }

  Position position() {
    return new Position(epoch, n());
  }

  /** The instant before which every change is known here, or {@link #NEVER}. To be read first. */
  long currentAsOf() {
    return (long) CURRENT_AS_OF.getAcquire(this);
  }

  /**
   * Whether a value read as of {@code asOf} under these tags may be stale by what is known here.
   */
  boolean condemns(Position asOf, Tags tags) {
    if (isBelowFloor(asOf)) {
      return true;
    }
    for (int i = 0; i < tags.size(); i++) {
      long hash = tags.hash(i);
      if (summed(hash) > asOf.n() && named(hash) > asOf.n()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the last record that may have named a tag, as the summary knows. */
  private long summed(long hash) {
    return (long) SLOT.getAcquire(summary, place(hash));
  }

  /** Other bits than those that choose line and slots. */
  private int place(long hash) {
    return (int) (hash >>> Short.SIZE) & (summary.length - 1);
  }

  /** Returns the last record that may have named a tag. */
  private long named(long hash) {
    int line = line(hash);
    int places = places(hash);
    long first = (long) SLOT.getAcquire(slots, line + (places & 7));
    long second = (long) SLOT.getAcquire(slots, line + ((places >> 3) & 7));
    long third = (long) SLOT.getAcquire(slots, line + (places >> 6));
    return Math.min(first, Math.min(second, third));
  }

  /** Returns the last record that may have named one of these tags. */
  long named(Tags tags) {
    long last = 0;
    for (int i = 0; i < tags.size(); i++) {
      last = Math.max(last, named(tags.hash(i)));
    }
    return last;
  }

  private int line(long hash) {
    return (int) (hash >>> shift) * LINE;
  }

  private static int places(long hash) {
    return PLACES[(int) (((hash & 0xffff) * PLACES.length) >>> 16)];
  }

  /** All ways to choose three of the eight slots of a line, three bits for each. */
  private static short[] places() {
    short[] places = new short[56];
    int count = 0;
    for (int first = 0; first < LINE; first++) {
      for (int second = first + 1; second < LINE; second++) {
        for (int third = second + 1; third < LINE; third++) {
          places[count++] = (short) (first | (second << 3) | (third << 6));
        }
      }
    }
    return places;
  }

  /** Whether a value is condemned whatever its tags: it is of another history, or too old. */
  boolean isBelowFloor(Position asOf) {
    return asOf.epoch() != epoch || asOf.n() < (long) FLOOR.getAcquire(this);
  }

  /** Condemns what was read before record {@code n} under one of these tags. */
  void raise(Tags tags, long n) {
    for (int i = 0; i < tags.size(); i++) {
      int line = line(tags.hash(i));
      int places = places(tags.hash(i));
      raise(slots, line + (places & 7), n);
      raise(slots, line + ((places >> 3) & 7), n);
      raise(slots, line + (places >> 6), n);
      raise(summary, place(tags.hash(i)), n);
    }
  }

  private static void raise(long[] slots, int slot, long n) {
    if (n > slots[slot]) {
      SLOT.setRelease(slots, slot, n);
    }
  }

  /** Condemns everything read before record {@code n}. */
  void raiseFloor(long n) {
    if (n > floor) {
      FLOOR.setRelease(this, n);
    }
  }

  /** Says that the records up to {@code n} are applied. */
  void advance(long n) {
    if (n > position) {
      POSITION.setRelease(this, n);
    }
  }

  /** Claims that every change before this instant is applied. An earlier claim stands. */
  void claim(long nanos) {
    if (currentAsOf == NEVER || nanos - currentAsOf > 0) {
      CURRENT_AS_OF.setRelease(this, nanos);
    }
  }
}
