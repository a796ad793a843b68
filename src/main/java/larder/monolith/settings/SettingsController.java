package larder.monolith.settings;

import java.util.Arrays;
import java.util.List;
import larder.monolith.accounts.Viewer;
import larder.monolith.users.NoSuchUser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
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

/** The page on which people choose for themselves, one setting at a time. */
@Controller
@RequestMapping("/settings")
class SettingsController {

  private static final Logger log = LoggerFactory.getLogger(SettingsController.class);

  private final ProfileSettings settings;

  SettingsController(ProfileSettings settings) {
    this.settings = settings;
  }

  /**
   * A setting and what the viewer has chosen of it.
   *
   * @param value the choice's value
   */
  record Chosen(Setting setting, String value) {}

  @GetMapping
  String page(Viewer viewer, Model model) {
    long viewing = viewer.user().id();
    List<Chosen> chosen =
        Arrays.stream(Setting.values())
            .map(setting -> new Chosen(setting, settings.value(viewing, setting.key())))
            .toList();
    model.addAttribute("chosen", chosen);
    return "settings/settings";
  }

  @PostMapping("/{name}")
  String choose(
      @PathVariable String name,
      @RequestParam(defaultValue = "") String value,
      Viewer viewer,
      RedirectAttributes redirect) {
    Setting setting =
        Setting.of(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    if (!setting.allows(value)) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
    prepare(viewer.user().id());
    choose(viewer.user().id(), name, value);
    redirect.addFlashAttribute("notice", "“" + setting.label() + "” is saved.");
    return "redirect:/settings";
  }

  /** Who prepares at the same time has made the rows. */
  private void prepare(long viewer) {
    try {
      settings.prepare(viewer);
    } catch (DataIntegrityViolationException met) {
      log.debug("A person was prepared elsewhere", met);
    }
  }

  /** The row is there, unless the person was deleted meanwhile. */
  private void choose(long viewer, String name, String value) {
    try {
      settings.choose(viewer, name, value);
    } catch (DataIntegrityViolationException deleted) {
      throw new NoSuchUser(viewer);
    }
  }
}
