package larder.monolith.admin;

import java.util.List;
import java.util.Map;
import larder.cache.adviser.Adviser;
import larder.cache.adviser.Finding;
import larder.cache.log.Position;
import larder.cache.overview.CacheReport;
import larder.cache.overview.FeedLine;
import larder.cache.overview.MoreFigures;
import larder.cache.overview.MoreFigures.Figure;
import larder.cache.overview.NodeReport;
import larder.cache.overview.NodeReporter;
import larder.cache.overview.Overview;
import larder.cache.warmup.Warmup;
import org.springframework.stereotype.Component;

/** Gathers what the pages show, in the same words for the page and for what follows it. */
@Component
class LiveFigures {

  private final Overview overview;
  private final NodeReporter node;
  private final Adviser adviser;
  private final MoreFigures more;
  private final Warmup warmup;
  private final Amounts amounts;

  LiveFigures(
      Overview overview,
      NodeReporter node,
      Adviser adviser,
      MoreFigures more,
      Warmup warmup,
      Amounts amounts) {
    this.overview = overview;
    this.node = node;
    this.adviser = adviser;
    this.more = more;
    this.warmup = warmup;
    this.amounts = amounts;
  }

  /** Returns what was found, the gravest first. */
  List<Finding> findings() {
    return adviser.findings();
  }

  /** Returns further figures of the node. */
  List<Figure> ofNode() {
    return more.ofNode();
  }

  /** Returns further figures of a cache. */
  List<Figure> of(String cache) {
    return more.of(cache);
  }

  /** Returns all that changes on the pages. */
  Live live() {
    Live live = new Live();
    List<CacheReport> caches = overview.caches();
    for (CacheReport cache : caches) {
      new LiveCache(cache, amounts, live).write();
      of(cache.cache()).forEach(more -> text(live, cache.cache() + ".more", more));
      warmth(cache.cache()).write(live);
    }
    node(live);
    ofNode().forEach(more -> text(live, "node.more", more));
    live.parts().put("caches", version(caches.stream().map(CacheReport::cache).toList()));
    live.parts().put("findings", version(findings()));
    live.parts().put("feed", newest(overview.invalidations()));
    return live;
  }

  private LiveWarmup warmth(String cache) {
    return new LiveWarmup(cache, warmup.progress(cache).orElse(null), amounts);
  }

  private static void text(Live live, String place, Figure figure) {
    live.texts().put(place + "." + figure.name(), figure.value());
  }

  private static String version(Object content) {
    return Integer.toHexString(content.hashCode());
  }

  private static String newest(List<FeedLine> feed) {
    return feed.isEmpty() ? "none" : text(feed.get(0).position()) + "/" + feed.size();
  }

  private void node(Live live) {
    NodeReport report = node.report();
    NodeReport.Near near = report.near();
    Map<String, String> texts = live.texts();
    live.parts().put("state", version(List.of(report.current(), reason(report))));
    texts.put("node.position", text(report.position()));
    texts.put("node.lag", report.lag() == null ? Amounts.NONE : amounts.time(report.lag()));
    texts.put("node.relay", relay(report));
    texts.put("node.redis", report.redisAnswers() ? "answers" : "does not answer");
    texts.put("node.entries", amounts.count(near.entries()));
    texts.put("node.bytes", amounts.size(near.bytes()));
    texts.put("node.evictions", amounts.count(near.evictions()));
    texts.put("node.heap", amounts.size(report.heap().used()));
  }

  static String reason(NodeReport report) {
    return report.trouble() == null ? "" : report.trouble();
  }

  private static String relay(NodeReport report) {
    return switch (report.level()) {
      case "OUTBOX" -> report.relayTrouble() == null ? "works" : report.relayTrouble();
      case "LOG" -> "none: what other programs write is not seen";
      default -> "the database was not asked yet";
    };
  }

  private static String text(Position position) {
    return position.epoch() + "-" + position.n();
  }
}
