package larder.cache.log.node;

import larder.cache.log.Position;

/**
 * Whether a caller may take the value of a load that another caller began.
 *
 * <p>A load whose origin is not before the caller's arrival sees all that the caller has a right
 * to, and may be joined without a further question. Any other may have read the database before a
 * change that the caller knows of: its value is taken only when it is complete, may be served, and
 * has been judged by every record up to the caller's arrival. Whoever is refused starts or joins
 * the next load, so nobody waits for more than two.
 *
 * <p>The node's own appends are part of its position, because their answers are applied in order
 * before the writer goes on.
 */
public class JoinRule {

  private final LogFollower follower;
  private final ServingRule rule;

  /** The rule for the loads of one node. */
  public JoinRule(LogFollower follower, ServingRule rule) {
    this.follower = follower;
    this.rule = rule;
  }

  /**
   * The arrival of a caller now.
   *
   * @param session the position of the caller's own last change, {@link Position#NOWHERE} if none
   */
  public Arrival arrival(Position session) {
    Origin now = follower.origin();
    Position position = now.position();
    return new Arrival(position.compareTo(session) < 0 ? session : position, now.nanos());
  }

  /** Whether the caller may wait for the load and take whatever it brings. */
  public boolean mayJoin(Origin load, Arrival arrival) {
    return load.nanos() - arrival.nanos() >= 0;
  }

  /**
   * Whether the caller may take the value of a completed load that was before its arrival. The
   * position is read before the judgement, which therefore includes every record up to it.
   */
  public boolean mayTake(Stamp completed, Arrival arrival) {
    boolean judged =
        completed.asOf().reaches(arrival.position())
            || follower.position().reaches(arrival.position());
    return judged && rule.mayServe(completed);
  }
}
