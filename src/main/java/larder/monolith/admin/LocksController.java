package larder.monolith.admin;

import java.util.List;
import java.util.Map;
import larder.locks.Holder;
import larder.locks.LockFigures;
import larder.locks.Locks;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the locks that this node knows. */
@Controller
class LocksController {

  private final Locks locks;

  LocksController(Locks locks) {
    this.locks = locks;
  }

  /**
   * A lock as the page shows it.
   *
   * @param figures what this node has counted
   * @param holder who has it now; null if nobody, if Redis did not answer, or if it is one of many
   *     with keys
   */
  record LockRow(LockFigures figures, @Nullable Holder holder) {}

  @GetMapping("/admin/locks")
  String locks(Model model) {
    Map<String, Holder> holders = locks.holders();
    List<LockRow> rows =
        locks.all().stream()
            .map(
                figures ->
                    new LockRow(figures, holders == null ? null : holders.get(figures.name())))
            .toList();
    model.addAttribute("rows", rows);
    model.addAttribute("answered", holders != null);
    model.addAttribute("node", locks.node());
    return "admin/locks";
  }
}
