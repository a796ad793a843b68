package larder.monolith.admin;

import larder.cache.manager.LarderCache;
import larder.cache.manager.LarderCacheManager;
import larder.cache.overview.CacheInspector;
import larder.cache.overview.NodeReporter;
import larder.cache.overview.Overview;
import larder.cache.warmup.Warmup;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page of one cache and the page of one key, and what can be done there. */
@Controller
@RequestMapping("/admin/caches/{cache}")
class CacheController {

  private final Overview overview;
  private final CacheInspector inspector;
  private final NodeReporter node;
  private final LarderCacheManager caches;
  private final LiveFigures figures;
  private final Warmup warmup;

  CacheController(
      Overview overview,
      CacheInspector inspector,
      NodeReporter node,
      LarderCacheManager caches,
      LiveFigures figures,
      Warmup warmup) {
    this.overview = overview;
    this.inspector = inspector;
    this.node = node;
    this.caches = caches;
    this.figures = figures;
    this.warmup = warmup;
  }

  @GetMapping
  String cache(@PathVariable String cache, Model model) {
    require(cache);
    model.addAttribute("details", inspector.inspect(cache));
    model.addAttribute("live", figures.live());
    model.addAttribute("rows", LiveCache.ROWS);
    model.addAttribute(
        "findings",
        figures.findings().stream().filter(found -> found.caches().contains(cache)).toList());
    model.addAttribute("further", figures.of(cache));
    model.addAttribute("remembered", warmup.covers(cache));
    return "admin/cache";
  }

  /**
   * @param key the text of the key, as its end in Redis
   */
  @GetMapping("/key")
  String key(@PathVariable String cache, @RequestParam(defaultValue = "") String key, Model model) {
    require(cache);
    model.addAttribute("cache", cache);
    model.addAttribute("key", key);
    model.addAttribute("entries", overview.entries(cache, key));
    model.addAttribute("node", node.report());
    return "admin/key";
  }

  @PostMapping("/clear")
  String clear(@PathVariable String cache, RedirectAttributes redirect) {
    require(cache).clear();
    redirect.addFlashAttribute("notice", "The cache " + cache + " is cleared, on all nodes.");
    redirect.addAttribute("cache", cache);
    return "redirect:/admin/caches/{cache}";
  }

  @PostMapping("/warm-up")
  String warmUp(@PathVariable String cache, RedirectAttributes redirect) {
    require(cache);
    redirect.addFlashAttribute(
        "notice",
        warmup.begin(cache)
            ? "The cache " + cache + " is being warmed, on this node."
            : "A warm-up is under way already, or nothing is remembered: nothing was begun.");
    redirect.addAttribute("cache", cache);
    return "redirect:/admin/caches/{cache}";
  }

  @PostMapping("/evict")
  String evict(@PathVariable String cache, @RequestParam String key, RedirectAttributes redirect) {
    require(cache).evictText(key);
    redirect.addFlashAttribute("notice", "The key " + key + " is evicted, on all nodes.");
    redirect.addAttribute("cache", cache);
    redirect.addAttribute("key", key);
    return "redirect:/admin/caches/{cache}/key";
  }

  private LarderCache require(String cache) {
    if (!overview.names().contains(cache)) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return caches.getCache(cache);
  }
}
