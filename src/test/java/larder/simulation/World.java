package larder.simulation;

/** What the processes of one run share. */
record World(
    Scenario scenario,
    Parts parts,
    Scheduler scheduler,
    SimulatedDatabase database,
    Promises promises) {

  void trace(String who, String what) {
    if (scheduler.tracing()) {
      scheduler.trace(who + " " + what);
    }
  }
}
