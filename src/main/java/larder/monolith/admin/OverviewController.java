package larder.monolith.admin;

import java.util.List;
import larder.cache.overview.FeedLine;
import larder.cache.overview.NodeReporter;
import larder.cache.overview.Overview;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of all caches and of this node, and the page of the last invalidations. */
@Controller
class OverviewController {

  /** How many invalidations the page of all caches shows. */
  private static final int LATEST = 12;

  private final Overview overview;
  private final NodeReporter node;
  private final LiveFigures figures;

  OverviewController(Overview overview, NodeReporter node, LiveFigures figures) {
    this.overview = overview;
    this.node = node;
    this.figures = figures;
  }

  @GetMapping("/admin/caches")
  String caches(Model model) {
    model.addAttribute("names", overview.names());
    model.addAttribute("findings", figures.findings());
    model.addAttribute("further", figures.ofNode());
    List<FeedLine> feed = overview.invalidations();
    model.addAttribute("feed", feed.subList(0, Math.min(LATEST, feed.size())));
    return show(model, "admin/caches");
  }

  @GetMapping("/admin/invalidations")
  String invalidations(Model model) {
    model.addAttribute("feed", overview.invalidations());
    return show(model, "admin/invalidations");
  }

  private String show(Model model, String page) {
    model.addAttribute("node", node.report());
    model.addAttribute("live", figures.live());
    model.addAttribute("rows", LiveCache.ROWS);
    return page;
  }
}
