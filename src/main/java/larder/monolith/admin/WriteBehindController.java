package larder.monolith.admin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import larder.writebehind.BufferReport;
import larder.writebehind.DeadLetters;
import larder.writebehind.WriteBehindBuffers;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page of what waits to be written, and of what could not be. */
@Controller
@RequestMapping("/admin/write-behind")
@ConditionalOnProperty(name = "larder.writebehind.enabled", matchIfMissing = true)
class WriteBehindController {

  /** How many of those put aside are shown, and tried at once. */
  private static final int MOST = 100;

  private final WriteBehindBuffers buffers;
  private final DeadLetters dead;

  WriteBehindController(WriteBehindBuffers buffers, DeadLetters dead) {
    this.buffers = buffers;
    this.dead = dead;
  }

  @GetMapping
  String show(Model model) {
    List<BufferReport> reports = buffers.reports();
    Map<String, Long> applied = new TreeMap<>();
    reports.forEach(report -> applied.put(report.name(), buffers.applied(report.name())));
    model.addAttribute("buffers", reports);
    model.addAttribute("applied", applied);
    model.addAttribute("deadCounts", dead.counts());
    model.addAttribute("dead", dead.oldest(MOST));
    model.addAttribute("node", buffers.node());
    return "admin/write-behind";
  }

  @PostMapping("/retry")
  String retry(@RequestParam long id, RedirectAttributes redirect) {
    String notice =
        switch (dead.retry(id)) {
          case APPLIED -> "The write is applied.";
          case FAILED -> "The write has failed again.";
          case GONE -> "The write is no longer here.";
        };
    return back(notice, redirect);
  }

  @PostMapping("/retry-all")
  String retryAll(@RequestParam String buffer, RedirectAttributes redirect) {
    int applied = dead.retryAll(buffer, MOST);
    return back("%d writes of %s are applied.".formatted(applied, buffer), redirect);
  }

  @PostMapping("/discard")
  String discard(@RequestParam long id, RedirectAttributes redirect) {
    boolean gone = dead.discard(id);
    return back(gone ? "The write is discarded." : "The write is no longer here.", redirect);
  }

  private static String back(String notice, RedirectAttributes redirect) {
    redirect.addFlashAttribute("notice", notice);
    return "redirect:/admin/write-behind";
  }
}
