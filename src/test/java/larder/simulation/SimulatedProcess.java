package larder.simulation;

import java.util.function.Consumer;
import java.util.function.Function;

/** Something that can be paused or killed, and that asks a server over an unreliable network. */
abstract class SimulatedProcess {

  private final World world;
  private final Scheduler scheduler;
  private int life;
  private long pausedUntil;

  SimulatedProcess(World world) {
    this.world = world;
    this.scheduler = world.scheduler();
  }

  World world() {
    return world;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  int life() {
    return life;
  }

  void kill() {
    life++;
    pausedUntil = 0;
  }

  void pause(long duration) {
    pausedUntil = scheduler.now() + duration;
  }

  /** Does something later, unless this process is killed before; not while it is paused. */
  void after(long delay, Runnable action) {
    int born = life;
    scheduler.after(delay, () -> run(born, action));
  }

  private void run(int born, Runnable action) {
    if (born != life) {
      return;
    }
    if (pausedUntil > scheduler.now()) {
      scheduler.after(pausedUntil - scheduler.now(), () -> run(born, action));
    } else {
      action.run();
    }
  }

  /**
   * Asks a server. Request and answer may be lost or late, and the request may be executed twice.
   *
   * @param answered called at most once, with the first answer that comes in time or, sometimes,
   *     after {@code unanswered} was called
   */
  <R> void call(
      SimulatedServer server,
      Function<SimulatedServer, R> operation,
      Consumer<R> answered,
      Runnable unanswered,
      double timeoutMillis) {
    Call<R> call = new Call<>(server, operation, answered, unanswered);
    double drop = world.scenario().drop();
    if (!scheduler.chance(drop / 2)) {
      scheduler.after(scheduler.latency(), call::execute);
      if (scheduler.chance(drop / 2)) {
        scheduler.after(scheduler.latency(), call::execute);
      }
    }
    after((long) (timeoutMillis * Scheduler.MILLI), call::giveUp);
  }

  private final class Call<R> {
    private final SimulatedServer server;
    private final Function<SimulatedServer, R> operation;
    private final Consumer<R> answered;
    private final Runnable unanswered;
    private final int born = life;
    private boolean over;
    private boolean late;

    Call(
        SimulatedServer server,
        Function<SimulatedServer, R> operation,
        Consumer<R> answered,
        Runnable unanswered) {
      this.server = server;
      this.operation = operation;
      this.answered = answered;
      this.unanswered = unanswered;
    }

    private void execute() {
      if (server.isDead()) {
        return;
      }
      long hung = server.hungFor();
      if (hung > 0) {
        scheduler.after(hung + scheduler.between(0, 5), this::execute);
        return;
      }
      R answer = operation.apply(server);
      if (!scheduler.chance(world.scenario().drop() / 2)) {
        scheduler.after(
            scheduler.latency(), () -> SimulatedProcess.this.run(born, () -> finish(answer)));
      }
    }

    private void finish(R answer) {
      boolean heeded = !over || late;
      over = true;
      late = false;
      if (heeded) {
        answered.accept(answer);
      }
    }

    private void giveUp() {
      if (!over) {
        over = true;
        late = scheduler.chance(0.5);
        unanswered.run();
      }
    }
  }
}
