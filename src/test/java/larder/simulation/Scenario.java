package larder.simulation;

import java.util.SplittableRandom;

/**
 * What happens in one run: how large the fleet is, what is asked of it and what goes wrong.
 *
 * @param outbox whether writes reach the log through an outbox too, so that the bound counts from
 *     the commit and not from the append
 */
record Scenario(
    boolean outbox,
    int nodes,
    int limit,
    int kept,
    int reads,
    int oldContexts,
    int writes,
    int puts,
    int outside,
    int hangs,
    int wipes,
    int failovers,
    boolean split,
    int restarts,
    int pauses,
    int senderKills,
    double drop) {

  /** The number of rows; each is a key, and one more key is a query over all of them. */
  static final int ROWS = 2;

  static final long BOUND = 60 * Scheduler.MILLI;
  static final long LENGTH = 500 * Scheduler.MILLI;

  /**
   * A scenario of any kind. Faults come in random subsets, because each hides some of the others.
   */
  static Scenario of(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    boolean outbox = random.nextBoolean();
    return new Scenario(
        outbox,
        /* nodes= */ random.nextInt(4) == 0 ? 3 : 2,
        /* limit= */ random.nextInt(3) == 0 ? 2 + random.nextInt(4) : 1000,
        /* kept= */ random.nextInt(3) == 0 ? 6 : 60,
        /* reads= */ 50,
        /* oldContexts= */ random.nextInt(3) == 0 ? 4 : 0,
        /* writes= */ 2 + random.nextInt(7),
        /* puts= */ random.nextInt(3) == 0 ? 4 : 0,
        /* outside= */ outbox ? random.nextInt(6) : 0,
        /* hangs= */ faults(random),
        /* wipes= */ faults(random),
        /* failovers= */ faults(random),
        /* split= */ outbox && random.nextBoolean(),
        /* restarts= */ faults(random),
        /* pauses= */ faults(random),
        /* senderKills= */ faults(random),
        /* drop= */ random.nextInt(3) == 0 ? 0.06 : random.nextInt(2) == 0 ? 0 : 0.02);
  }

  /** Failovers with an old server that lives on for a while, and much to lose by them. */
  static Scenario failingOver(long seed) {
    return focused(
        /* outbox= */ true, /* wipes= */ 0, /* failovers= */ 3, (int) (seed % 3), /* drop= */ 0.02);
  }

  /** A promoted server whose clock may be behind, and which is wiped. */
  static Scenario failingOverAndWiped(long seed) {
    return focused(
        /* outbox= */ true, /* wipes= */ 4, /* failovers= */ 2, (int) (seed % 3), /* drop= */ 0.02);
  }

  /** Appends that are often not answered, and no outbox that would make up for them. */
  static Scenario losingAppends(long seed) {
    return focused(
        /* outbox= */ false, /* wipes= */ 0, /* failovers= */ 0, (int) (seed % 2), /* drop= */ 0.3);
  }

  /** Appends that are often not answered, and an outbox that tells of the change in two records. */
  static Scenario losingAppendsWithOutbox(long seed) {
    return focused(
        /* outbox= */ true, /* wipes= */ 0, /* failovers= */ 0, (int) (seed % 2), /* drop= */ 0.2);
  }

  private static Scenario focused(
      boolean outbox, int wipes, int failovers, int pauses, double drop) {
    return new Scenario(
        outbox,
        /* nodes= */ 2,
        /* limit= */ 1000,
        /* kept= */ 60,
        /* reads= */ 80,
        /* oldContexts= */ 0,
        /* writes= */ 12,
        /* puts= */ 0,
        /* outside= */ outbox ? 8 : 0,
        /* hangs= */ failovers > 0 ? 1 : 0,
        wipes,
        failovers,
        /* split= */ outbox,
        /* restarts= */ 0,
        pauses,
        /* senderKills= */ 0,
        drop);
  }

  private static int faults(SplittableRandom random) {
    return random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
  }
}
