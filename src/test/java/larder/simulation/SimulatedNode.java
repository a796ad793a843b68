package larder.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import larder.cache.log.Appended;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Origin;
import larder.cache.log.node.Outstanding;
import larder.cache.log.node.Poll;
import larder.cache.log.node.Sending;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.simulation.Promises.Served;
import larder.simulation.Value.VersionVector;
import org.jspecify.annotations.Nullable;

/** One node of the application: near cache, flights, writers, the poller and, maybe, heartbeats. */
final class SimulatedNode extends SimulatedProcess {

  static final Source DATABASE = new Source("db", 1);

  private static final int SLOTS = 64;

  private final String name;
  private final long clockOffset;
  private final Map<Integer, Value> near = new HashMap<>();
  private final Map<Integer, Flight> flights = new HashMap<>();
  private final VersionVector[] own = new VersionVector[Keys.COUNT];
  private SimulatedServer server;
  private SimulatedServer writer;
  private LogFollower follower;
  private ServingRule rule;
  private JoinRule join;
  private boolean preemptible;

  /** A load, or the search for a remote value that precedes it. */
  private static final class Flight {
    private final int key;
    private @Nullable Origin origin;
    private final List<SimulatedRead> joined = new ArrayList<>();
    private final List<SimulatedRead> waiting = new ArrayList<>();

    Flight(int key) {
      this.key = key;
    }
  }

  SimulatedNode(World world, String name, SimulatedServer server) {
    super(world);
    this.name = name;
    this.server = server;
    this.writer = server;
    this.clockOffset = scheduler().between(-5000, 5000);
    this.follower = newFollower();
    this.rule = world.parts().servingRule(follower);
    this.join = world.parts().joinRule(follower, rule);
    Arrays.fill(own, new VersionVector(new int[Scenario.ROWS]));
  }

  private LogFollower newFollower() {
    Source relyingOn = world().scenario().outbox() ? DATABASE : Source.LOG;
    return world()
        .parts()
        .follower(
            new FollowerSettings(Duration.ofNanos(Scenario.BOUND), SLOTS, relyingOn), this::clock);
  }

  /** The node's own clock, which tells nothing of another's; looking at it may take long. */
  private long clock() {
    if (preemptible && scheduler().chance(0.02)) {
      preemptible = false;
      scheduler().preempt(scheduler().between(0, 120));
    }
    return scheduler().now() + clockOffset;
  }

  private boolean judge(BooleanSupplier question) {
    preemptible = true;
    boolean answer = question.getAsBoolean();
    preemptible = false;
    return answer;
  }

  LogFollower follower() {
    return follower;
  }

  void start() {
    poll();
    if (!world().scenario().outbox()) {
      after(scheduler().between(0, 10), this::beat);
      after(scheduler().between(5, 15), this::appendAgain);
    }
  }

  void restart() {
    kill();
    near.clear();
    flights.clear();
    Arrays.fill(own, new VersionVector(new int[Scenario.ROWS]));
    follower = newFollower();
    rule = world().parts().servingRule(follower);
    join = world().parts().joinRule(follower, rule);
    after(scheduler().between(1, 60), this::start);
  }

  /** Moves the connection for appends, which need not happen together with the other. */
  void connectWriter(SimulatedServer other) {
    writer = other;
  }

  void connect(SimulatedServer other) {
    if (other != server) {
      server = other;
      follower.reconnected();
    }
  }

  // The log

  private void poll() {
    Poll poll = follower.poll();
    int limit = world().scenario().limit();
    call(
        server,
        server -> server.log().poll(poll.cursor(), limit),
        reply -> {
          follower.polled(poll, reply);
          trace(reply.entries().isEmpty() ? "" : "polled " + reply.entries());
          after(reply.truncated() ? 0 : scheduler().between(1, 12), this::poll);
        },
        () -> after(scheduler().between(1, 5), this::poll),
        /* timeoutMillis= */ 30);
  }

  private void beat() {
    if (!follower.heardWithin(8 * Scheduler.MILLI)) {
      beat(follower.heartbeat(Source.LOG), sent -> {}, () -> {});
    }
    after(scheduler().between(7, 13), this::beat);
  }

  void beat(Heartbeat heartbeat, Consumer<Appended> answered, Runnable unanswered) {
    Sending sending = follower.send(heartbeat, clock());
    LogFollower sender = follower;
    call(
        writer,
        server -> server.write(() -> server.log().heartbeat(sending.seen(), heartbeat)),
        reply -> {
          sender.answered(sending, reply);
          trace("heartbeat " + heartbeat + " answered " + reply.position());
          answered.accept(reply);
        },
        () -> {
          sender.unanswered(sending);
          unanswered.run();
        },
        /* timeoutMillis= */ 30);
  }

  void append(
      Sending sending, Runnable executed, Consumer<Appended> answered, Runnable unanswered) {
    call(
        writer,
        server ->
            server.write(
                () -> {
                  executed.run();
                  return server.log().append(sending.seen(), sending.record());
                }),
        answered,
        unanswered,
        /* timeoutMillis= */ 30);
  }

  private void appendAgain() {
    LogFollower sender = follower;
    for (Outstanding change : follower.outstanding()) {
      Sending sending = follower.send(change.record(), change.committedNanos());
      append(sending, () -> {}, reply -> sender.answered(sending, reply), () -> {});
    }
    after(scheduler().between(5, 15), this::appendAgain);
  }

  // Reading

  void read(int key) {
    attempt(
        new SimulatedRead(name, key, join.arrival(Position.NOWHERE), scheduler().now(), own[key]));
  }

  private void attempt(SimulatedRead read) {
    int born = life();
    Value cached = near.get(read.key());
    if (cached != null && judge(() -> rule.mayServe(cached.stamp()))) {
      if (born == life()) {
        serve(read, cached, Served.NEAR, scheduler().now());
      }
      return;
    }
    if (born != life()) {
      return;
    }
    Flight flight = flights.get(read.key());
    if (flight == null) {
      lookUp(read);
    } else if (flight.origin != null && join.mayJoin(flight.origin, read.arrival())) {
      flight.joined.add(read);
    } else {
      flight.waiting.add(read);
    }
  }

  private void lookUp(SimulatedRead read) {
    Flight flight = new Flight(read.key());
    flights.put(flight.key, flight);
    call(
        server,
        server -> Optional.ofNullable(server.get(flight.key)),
        found -> {
          if (flight.origin != null) {
            return;
          }
          Value remote = found.orElse(null);
          int born = life();
          if (remote != null && judge(() -> rule.mayServe(remote.stamp()))) {
            if (born == life()) {
              near.put(flight.key, remote);
              serve(read, remote, Served.REMOTE, scheduler().now());
              land(flight, remote);
            }
          } else if (born == life()) {
            load(flight, read);
          }
        },
        () -> load(flight, read),
        /* timeoutMillis= */ 20);
  }

  private void load(Flight flight, SimulatedRead read) {
    Origin origin = follower.origin();
    flight.origin = origin;
    after(
        scheduler().latency(),
        () -> {
          VersionVector versions = world().database().read();
          trace("loads key " + flight.key + " as of " + origin + ": " + versions);
          after(
              scheduler().latency(),
              () -> {
                Origin taken = world().parts().lateOrigin() ? follower.origin() : origin;
                boolean complete = !scheduler().chance(0.05);
                Value value = consuming(loaded(flight.key, versions, taken, complete, "load"));
                if (value == null) {
                  return;
                }
                serve(read, value, Served.LOADED, read.began());
                land(flight, value);
              });
        });
  }

  private static Value loaded(
      int key, VersionVector versions, Origin origin, boolean complete, String made) {
    return new Value(key, versions, Stamp.loaded(origin, Keys.carried(key), complete), made);
  }

  /**
   * A query that asks cached methods for some of its rows: it takes over their tags, and the
   * instants up to which they are proven. Null if the node was killed meanwhile.
   */
  private @Nullable Value consuming(Value query) {
    Value value = query;
    for (int row = 0; row < Scenario.ROWS && query.key() == Keys.QUERY; row++) {
      Value part = near.get(row);
      if (part != null && scheduler().chance(0.3)) {
        int born = life();
        preemptible = true;
        long proven = rule.provenAt(part.stamp());
        preemptible = false;
        if (born != life()) {
          return null;
        }
        if (proven != ServingRule.NOT_PROVEN) {
          value = consuming(value, row, part, proven);
        }
      }
    }
    return value;
  }

  private Value consuming(Value query, int row, Value part, long proven) {
    Stamp stamp = query.stamp();
    Stamp both = world().parts().consuming(stamp, part.stamp(), proven);
    VersionVector versions = query.versions().with(row, part.versions().of(row));
    return new Value(query.key(), versions, both, query.made() + " with row " + row);
  }

  /** A read in a transaction whose snapshot is older than the load. */
  void readInOldContext(int key) {
    Origin origin = follower.origin();
    after(
        scheduler().latency(),
        () -> {
          VersionVector snapshot = world().database().read();
          after(
              scheduler().between(0, 150),
              () -> {
                Flight flight = new Flight(key);
                flight.origin = origin;
                flights.put(key, flight);
                Origin taken = world().parts().lateOrigin() ? follower.origin() : origin;
                Value value = loaded(key, snapshot, taken, /* complete= */ true, "old context");
                after(scheduler().latency(), () -> land(flight, value));
              });
        });
  }

  private void land(Flight flight, Value value) {
    flights.remove(flight.key, flight);
    if (value.stamp().own()) {
      near.put(flight.key, value);
      share(value);
    }
    for (SimulatedRead read : flight.joined) {
      serve(read, value, Served.JOINED, read.began());
    }
    int born = life();
    for (SimulatedRead read : flight.waiting) {
      boolean taken = judge(() -> join.mayTake(value.stamp(), read.arrival()));
      if (born != life()) {
        return;
      }
      if (taken) {
        serve(read, value, Served.TAKEN, scheduler().now());
      } else {
        attempt(read);
      }
    }
  }

  private void share(Value value) {
    Stamp stamp = value.stamp();
    if (!stamp.complete() || stamp.asOf().equals(Position.NOWHERE)) {
      return;
    }
    Value shared = value.stamped(Stamp.remote(stamp.asOf(), stamp.tags()));
    call(
        writer,
        server ->
            server.write(
                () -> {
                  server.set(shared);
                  return shared;
                }),
        done -> {},
        () -> {},
        /* timeoutMillis= */ 30);
  }

  private void serve(SimulatedRead read, Value value, Served how, long since) {
    trace("serves key " + read.key() + " " + how + " " + value.versions() + " " + value.stamp());
    long currentAsOf = follower.currentAsOf();
    boolean current =
        currentAsOf != ServingRule.NOT_PROVEN && clock() - currentAsOf <= Scenario.BOUND;
    world().promises().check(read, value, how, since, current);
  }

  // Writing

  /** A transaction that changes a row, with an annotated evict or put around it. */
  void write(int row, boolean put) {
    SimulatedWrite write = new SimulatedWrite(row, put ? scheduler().below(Keys.COUNT) : -1);
    write.origin = follower.origin();
    write.read = world().database().read();
    write.all = scheduler().chance(0.1);
    write.partial = world().scenario().outbox() && scheduler().chance(0.3);
    boolean unknown = world().scenario().outbox() && !put && scheduler().chance(0.1);
    after(
        put && scheduler().chance(0.5) ? scheduler().between(0, 100) : scheduler().latency(),
        () -> {
          if (unknown) {
            commitUnknown(write);
          } else if (!scheduler().chance(0.1)) {
            commit(write);
          }
        });
  }

  private final class SimulatedWrite {
    private final int row;
    private final int putKey;
    private final TransactionId transaction = world().database().begin();
    private Origin origin = follower.origin();
    private VersionVector read = world().database().read();
    private boolean all;
    private boolean partial;
    private int version;

    SimulatedWrite(int row, int putKey) {
      this.row = row;
      this.putKey = putKey;
    }

    /** What the annotation names: in the outbox too, where there is one. */
    Tags named() {
      Tags tags = all ? Keys.all() : Keys.key(row);
      tags = putKey < 0 ? tags : tags.and(Keys.key(putKey));
      return world().scenario().outbox() ? tags : tags.and(Keys.key(Keys.QUERY));
    }

    /** What the writer's own record names. */
    LogRecord record() {
      boolean tracked = world().scenario().outbox() && !partial;
      Tags tags = tracked ? named().and(Keys.row(row)) : named();
      return new Invalidation(tags, transaction);
    }

    boolean covers(int key) {
      return Keys.reads(key, row) && (all || !partial || key == row || key == putKey);
    }
  }

  /** COMMIT whose answer is lost, and which becomes visible at some time. */
  private void commitUnknown(SimulatedWrite write) {
    scheduler()
        .after(
            scheduler().between(0, 200),
            () -> world().database().commit(write.transaction, write.row, write.named()));
    TransactionId told = world().parts().identifiesUnknownCommits() ? write.transaction : null;
    LogRecord record = new Invalidation(write.named().and(Keys.row(write.row)), told);
    Sending sending = follower.send(record, clock());
    LogFollower sender = follower;
    append(
        sending,
        () -> {},
        reply -> sender.answered(sending, reply),
        () -> sender.unanswered(sending));
  }

  private void commit(SimulatedWrite write) {
    write.version = world().database().commit(write.transaction, write.row, write.named());
    trace("commits " + write.transaction + " row " + write.row + " version " + write.version);
    after(scheduler().latency() / 2, () -> committed(write));
  }

  private void committed(SimulatedWrite write) {
    if (write.putKey >= 0) {
      offer(write);
    }
    Sending sending = follower.send(write.record(), clock());
    LogFollower sender = follower;
    after(
        scheduler().latency() / 4,
        () ->
            append(
                sending,
                () -> mustBeSeen(write),
                reply -> {
                  sender.answered(sending, reply);
                  trace("append of " + sending + " answered " + reply);
                  returned(write);
                },
                () -> {
                  sender.unanswered(sending);
                  trace("append of " + sending + " unanswered");
                  returned(write);
                }));
  }

  private void mustBeSeen(SimulatedWrite write) {
    if (!world().scenario().outbox()) {
      world().database().mustBeSeen(write.row, write.version);
    }
  }

  private void offer(SimulatedWrite write) {
    VersionVector versions = write.read.with(write.row, write.version);
    Stamp stamp = Stamp.loaded(write.origin, Keys.carried(write.putKey), /* complete= */ true);
    Value value = new Value(write.putKey, versions, stamp, "put " + write.transaction);
    follower.put(
        write.transaction,
        Keys.key(write.putKey).hash(0),
        stamp,
        decided -> {
          world().promises().putStored();
          near.put(value.key(), value.stamped(decided));
          share(value.stamped(decided));
        });
  }

  private void returned(SimulatedWrite write) {
    for (int key = 0; key < Keys.COUNT; key++) {
      if (write.covers(key) && write.version > own[key].of(write.row)) {
        own[key] = own[key].with(write.row, write.version);
      }
    }
  }

  private void trace(String what) {
    if (scheduler().tracing() && !what.isEmpty()) {
      world().trace(name, what + " [" + follower.position() + "]");
    }
  }
}
