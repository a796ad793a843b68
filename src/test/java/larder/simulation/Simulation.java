package larder.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import larder.cache.log.MemoryLog;
import larder.cache.log.Tags;
import larder.simulation.Promises.Counts;
import org.jspecify.annotations.Nullable;

/**
 * One run of a fleet: a schedule, which the seed alone determines.
 *
 * <p>The nodes are driven by the layer's own follower, rules and records; simulated are the server,
 * the network, the database, the clocks, and the code that will load, store and write around them.
 * While a value is judged the rest of the world may go on, at each look at the clock, so that the
 * order of what the rule reads is put to the test as well.
 */
final class Simulation {

  private final World world;
  private final Scheduler scheduler;
  private final Scenario scenario;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedRelay> relays = new ArrayList<>();
  private SimulatedServer server;
  private long identities;

  private Simulation(Scenario scenario, Parts parts, long seed, boolean tracing) {
    this.scenario = scenario;
    this.scheduler = new Scheduler(seed, tracing);
    SimulatedDatabase database = new SimulatedDatabase(scheduler, scenario.outbox());
    this.world = new World(scenario, parts, scheduler, database, new Promises(scheduler, database));
    this.server = new SimulatedServer(scheduler, scenario.failovers() > 0, newLog());
  }

  /**
   * Runs one schedule.
   *
   * @return what was broken; null if every promise was kept
   */
  static @Nullable String run(
      Scenario scenario, Parts parts, long seed, boolean tracing, Counts counts) {
    Simulation simulation = new Simulation(scenario, parts, seed, tracing);
    simulation.assemble();
    simulation.plan();
    simulation.scheduler.run(Scenario.LENGTH);
    simulation.world.promises().addTo(counts);
    return simulation.world.promises().violation();
  }

  private MemoryLog newLog() {
    long identity = ++identities;
    long skewMillis = 10_000L + scheduler.below(2000);
    LongSupplier millis = () -> skewMillis + scheduler.now() / Scheduler.MILLI;
    LongSupplier salts = () -> scheduler.below(1 << 18);
    return world.parts().log(identity, millis, salts, scenario.kept());
  }

  private void assemble() {
    for (int i = 0; i < scenario.nodes(); i++) {
      SimulatedNode node = new SimulatedNode(world, "node " + i, server);
      nodes.add(node);
      scheduler.after(scheduler.between(0, 5), node::start);
    }
    for (int i = 0; i < 2 && scenario.outbox(); i++) {
      SimulatedRelay relay = new SimulatedRelay(world, nodes.get(i));
      relays.add(relay);
      relay.start();
    }
  }

  private void plan() {
    onNode(scenario.reads(), node -> node.read(scheduler.below(Keys.COUNT)));
    onNode(scenario.oldContexts(), node -> node.readInOldContext(scheduler.below(Keys.COUNT)));
    onNode(scenario.writes(), node -> node.write(row(), /* put= */ false));
    onNode(scenario.puts(), node -> node.write(row(), /* put= */ true));
    at(scenario.outside(), i -> outside());
    at(scenario.hangs(), i -> server.hang(scheduler.between(5, 150)));
    at(scenario.wipes(), i -> wipe());
    at(scenario.failovers(), i -> failOver());
    onNode(scenario.restarts(), SimulatedNode::restart);
    onNode(scenario.pauses(), node -> node.pause(scheduler.between(5, 200)));
    at(scenario.senderKills(), i -> killSender());
  }

  private interface NodeAction {
    void on(SimulatedNode node);
  }

  private void onNode(int times, NodeAction action) {
    at(
        times,
        i -> {
          SimulatedNode node = nodes.get(scheduler.below(nodes.size()));
          node.after(0, () -> action.on(node));
        });
  }

  private void at(int times, IntConsumer action) {
    for (int i = 0; i < times; i++) {
      int index = i;
      long at =
          Scenario.LENGTH / 20 + scheduler.between(0, 0.93 * Scenario.LENGTH / Scheduler.MILLI);
      scheduler.after(at, () -> action.accept(index));
    }
  }

  private int row() {
    return scheduler.below(Scenario.ROWS);
  }

  private void outside() {
    int row = row();
    world.database().commit(world.database().begin(), row, Tags.NONE);
    world.trace("psql", "changes row " + row + " to " + world.database().version(row));
  }

  private void wipe() {
    int kind = scheduler.below(3);
    world.trace("server", "is wiped, kind " + kind);
    if (kind == 0) {
      server.log().loseRecords();
    } else if (kind == 1) {
      server.log().loseCounter();
    } else {
      server.wipe();
    }
  }

  private void failOver() {
    SimulatedServer old = server;
    int lost = scheduler.below(10);
    server = old.promote(lost, newLog());
    world.trace("server", "fails over without its last " + lost + " writes");
    SimulatedServer promoted = server;
    long last = 0;
    for (SimulatedNode node : nodes) {
      long delay = scheduler.chance(0.4) ? 0 : scheduler.between(0, 150);
      last = Math.max(last, delay);
      scheduler.after(delay, () -> move(promoted, () -> node.connect(promoted)));
      long writerDelay = scheduler.chance(0.7) ? delay : scheduler.between(0, 150);
      last = Math.max(last, writerDelay);
      scheduler.after(writerDelay, () -> move(promoted, () -> node.connectWriter(promoted)));
    }
    if (scenario.split()) {
      scheduler.after(last + scheduler.between(0, 50), old::die);
    } else {
      old.die();
    }
  }

  /** Moves a connection to the promoted server, unless a later one was promoted meanwhile. */
  private void move(SimulatedServer promoted, Runnable connect) {
    if (promoted == server) {
      connect.run();
    }
  }

  private void killSender() {
    if (relays.isEmpty()) {
      return;
    }
    SimulatedRelay relay = relays.get(scheduler.below(relays.size()));
    relay.kill();
    relay.after(scheduler.between(1, 120), relay::start);
  }
}
