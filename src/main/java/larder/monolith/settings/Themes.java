package larder.monolith.settings;

import larder.monolith.accounts.Viewer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** How pages look to their viewers. */
@Component("themes")
public class Themes {

  private static final Logger log = LoggerFactory.getLogger(Themes.class);

  private final ProfileSettings settings;

  Themes(ProfileSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns {@code system}, {@code light} or {@code dark}; what is preset for guests, and where it
   * cannot be known, since a page must appear even if the database is what it complains about.
   */
  public String of(@Nullable Viewer viewer) {
    if (viewer == null) {
      return Setting.THEME.preset();
    }
    try {
      return settings.value(viewer.user().id(), Setting.THEME.key());
    } catch (RuntimeException unknown) {
      log.debug("A page does without its viewer's choice", unknown);
      return Setting.THEME.preset();
    }
  }

  /** Returns the media for which the dark colours hold. */
  public String darkMedia(String theme) {
    return switch (theme) {
      case "dark" -> "all";
      case "light" -> "not all";
      default -> "(prefers-color-scheme: dark)";
    };
  }
}
