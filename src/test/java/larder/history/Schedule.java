package larder.history;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The faults of a run, made from a seed alone.
 *
 * <p>Kinds are dealt from a shuffled deck, so that all come up before one comes again. Now and then
 * a second fault begins while the first lasts, in another place; then it is quiet for a while.
 *
 * @param seed what it was made from
 * @param faults by their begin
 */
record Schedule(long seed, List<Planned> faults) {

  private static final int FIRST_MILLIS = 1_500;
  private static final int QUIET_MILLIS = 1_000;
  private static final int MORE_QUIET_MILLIS = 2_500;
  private static final double OVERLAPPING = 0.3;
  private static final int LONGEST_DELAY_MILLIS = 300;

  /**
   * One fault.
   *
   * @param beginMillis when it begins, from the begin of the run
   * @param millis how long it lasts
   * @param node the node that it hits, for the kinds that hit one
   * @param delayMillis by how much a link is delayed, for the kinds that do
   */
  record Planned(Fault fault, int beginMillis, int millis, int node, int delayMillis) {

    int endMillis() {
      return beginMillis + millis;
    }

    /** Returns the same on another node. */
    Planned at(int other) {
      return new Planned(fault, beginMillis, millis, other, delayMillis);
    }

    /** Returns this as a line. */
    String text() {
      return String.format(
          Locale.ROOT,
          "%8.1f s %-23s node %d, for %d ms%s",
          beginMillis / 1e3,
          fault,
          node,
          millis,
          fault.name().startsWith("DELAY") ? ", by " + delayMillis + " ms" : "");
    }
  }

  /** Makes the faults of a run that end before the run does. */
  static Schedule of(long seed, Duration length, int nodes, Collection<Fault> kinds) {
    Random random = new Random(seed);
    Deque<Fault> deck = new ArrayDeque<>();
    List<Planned> faults = new ArrayList<>();
    int begin = FIRST_MILLIS;
    while (begin < length.toMillis()) {
      Planned first = plan(deal(deck, kinds, random), begin, random, nodes);
      faults.add(first);
      int end = first.endMillis();
      if (random.nextDouble() < OVERLAPPING) {
        Planned second =
            plan(
                deal(deck, kinds, random),
                begin + random.nextInt(Math.max(1, first.millis())),
                random,
                nodes);
        if (second.fault().place() != first.fault().place()) {
          faults.add(second);
          end = Math.max(end, second.endMillis());
        } else {
          deck.addFirst(second.fault());
        }
      }
      begin = end + QUIET_MILLIS + random.nextInt(MORE_QUIET_MILLIS);
    }
    faults.removeIf(each -> each.endMillis() + QUIET_MILLIS > length.toMillis());
    return new Schedule(seed, List.copyOf(faults));
  }

  private static Fault deal(Deque<Fault> deck, Collection<Fault> kinds, Random random) {
    if (deck.isEmpty()) {
      List<Fault> shuffled = new ArrayList<>(kinds);
      Collections.shuffle(shuffled, random);
      deck.addAll(shuffled);
    }
    return deck.removeFirst();
  }

  private static Planned plan(Fault fault, int begin, Random random, int nodes) {
    int spread = fault.longestMillis() - fault.shortestMillis();
    int millis = fault.shortestMillis() + random.nextInt(spread + 1);
    int delay = 1 + random.nextInt(LONGEST_DELAY_MILLIS);
    return new Planned(fault, begin, millis, random.nextInt(nodes), delay);
  }

  /** Returns this as lines. */
  String text() {
    StringBuilder text = new StringBuilder();
    faults.forEach(each -> text.append(each.text()).append('\n'));
    return text.toString();
  }
}
