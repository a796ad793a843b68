package larder.monolith.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import larder.cache.overview.CacheReport;
import larder.cache.overview.CacheStep;

/** Writes what is told of one cache: its figures, its plots and the table behind them. */
final class LiveCache {

  /** How many rows a table has. */
  static final int ROWS = 10;

  private static final int STEPS_PER_ROW = 6;

  /** A plot of fewer spans leaves room at its left. */
  private static final int LEAST_ROOM = 12;

  private final CacheReport report;
  private final Amounts amounts;
  private final Live live;

  LiveCache(CacheReport report, Amounts amounts, Live live) {
    this.report = report;
    this.amounts = amounts;
    this.live = live;
  }

  void write() {
    figures();
    plots();
    split();
    table();
  }

  private void text(String name, String text) {
    live.texts().put(report.cache() + "." + name, text);
  }

  private void path(String name, String path) {
    live.paths().put(report.cache() + "." + name, path);
  }

  private void figures() {
    CacheStep recent = report.recent();
    text("hits", recent.lookups() == 0 ? "no calls" : amounts.percent(recent.hitRatio()));
    text("lookups", amounts.count(recent.lookups()));
    text("load", amounts.time(recent.meanLoadNanos()));
    text("loads", amounts.count(recent.loads()));
    text("entries", amounts.count(recent.entries()));
    text("bytes", amounts.size(recent.bytes()));
    text("value", amounts.size(recent.meanStoredBytes()));
    text("total", amounts.count(report.total().lookups()));
  }

  private void plots() {
    plot("hits", CacheStep::hitRatio, 1);
    plot("load", CacheStep::meanLoadNanos, 0);
    plot("entries", CacheStep::entries, 0);
    plot("bytes", CacheStep::bytes, 0);
  }

  private void plot(String name, ToDoubleFunction<CacheStep> value, double most) {
    double[] values = report.steps().stream().mapToDouble(value).toArray();
    path(name, Plots.line(values, Math.max(LEAST_ROOM, values.length), most));
  }

  private void split() {
    CacheStep recent = report.recent();
    double near = share(recent, recent.near() + recent.stale());
    double remote = share(recent, recent.remote());
    path("near", Plots.bar(0, near));
    path("remote", Plots.bar(near, near + remote));
    path("database", Plots.bar(near + remote, Double.isNaN(near) ? 0 : 1));
    text("near", amounts.percent(near));
    text("remote", amounts.percent(remote));
    text("database", amounts.percent(share(recent, recent.database())));
  }

  private static double share(CacheStep step, long part) {
    return step.lookups() == 0 ? Double.NaN : (double) part / step.lookups();
  }

  private void table() {
    for (int row = 0; row < ROWS; row++) {
      row("row." + row + ".", CacheStep.together(steps(row)));
    }
  }

  /** Returns the spans of a row, counted from the latest. */
  private List<CacheStep> steps(int row) {
    List<CacheStep> all = report.steps();
    int end = Math.max(0, all.size() - row * STEPS_PER_ROW);
    return new ArrayList<>(all.subList(Math.max(0, end - STEPS_PER_ROW), end));
  }

  private void row(String name, CacheStep step) {
    text(name + "lookups", amounts.count(step.lookups()));
    text(name + "hits", amounts.percent(step.hitRatio()));
    text(name + "near", amounts.count(step.near() + step.stale()));
    text(name + "remote", amounts.count(step.remote()));
    text(name + "database", amounts.count(step.database()));
    text(name + "load", amounts.time(step.meanLoadNanos()));
    text(name + "entries", amounts.count(step.entries()));
    text(name + "bytes", amounts.size(step.bytes()));
  }
}
