package larder.monolith.profiles;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import larder.cache.page.CacheablePage;
import larder.limit.Algorithm;
import larder.limit.RateLimited;
import larder.limit.WhenAway;
import larder.monolith.accounts.Viewer;
import larder.monolith.follows.Follows;
import larder.monolith.follows.ProfileCounters;
import larder.monolith.settings.ProfileSettings;
import larder.monolith.settings.Setting;
import larder.monolith.trending.Period;
import larder.monolith.trending.Trending;
import larder.monolith.trending.TrendingUser;
import larder.monolith.users.DirectoryPage;
import larder.monolith.users.Field;
import larder.monolith.users.SearchText;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import larder.monolith.views.ProfileViews;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The pages that anybody may read: newest members, directory and profile. Guests share them whole;
 * a search is too seldom the same to be shared.
 */
@Controller
class DirectoryController {

  private static final String PAGES_LIVE = "10m";
  private static final int NEWEST = 12;

  private final Users users;
  private final Follows follows;
  private final ProfileCounters counters;
  private final ProfileSettings settings;
  private final ProfileViews views;
  private final Trending trending;

  DirectoryController(
      Users users,
      Follows follows,
      ProfileCounters counters,
      ProfileSettings settings,
      ProfileViews views,
      Trending trending) {
    this.users = users;
    this.follows = follows;
    this.counters = counters;
    this.settings = settings;
    this.views = views;
    this.trending = trending;
  }

  /**
   * @param period the time over which views count, as {@link Period#word}
   */
  @GetMapping("/")
  @CacheablePage(ttl = PAGES_LIVE, parameters = "trending:hour|day")
  String home(@RequestParam(name = "trending", defaultValue = "") String period, Model model) {
    Period chosen = Period.of(period);
    model.addAttribute("period", chosen);
    model.addAttribute(
        "trending", Objects.requireNonNullElse(trending.top(chosen), List.<TrendingUser>of()));
    model.addAttribute("newest", users.newest(NEWEST));
    return "profiles/home";
  }

  /**
   * @param q the text searched for, as typed
   * @param page the page, counted from 1; what is no number shows the first
   */
  @GetMapping("/users")
  @RateLimited(
      name = "search",
      limit = 120,
      window = "1m",
      algorithm = Algorithm.TOKEN_BUCKET,
      burst = 40,
      condition = "!#q.isBlank()",
      whenAway = WhenAway.ALLOW)
  @CacheablePage(ttl = PAGES_LIVE, parameters = "page:[1-9][0-9]{0,3}")
  String directory(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "1") String page,
      Model model) {
    DirectoryPage found =
        users.directory(
            SearchText.normalize(q), pageIndex(page), pageSize(model.getAttribute("viewer")));
    model.addAttribute("q", q.strip());
    model.addAttribute("found", found);
    model.addAttribute("pager", Pager.of(found));
    return "profiles/directory";
  }

  @GetMapping("/users/{handle:" + Field.HANDLE_PATTERN + "}")
  @CacheablePage(ttl = PAGES_LIVE)
  String profile(@PathVariable String handle, Model model, HttpServletResponse response) {
    Optional<User> user = users.findByHandle(handle);
    if (user.isEmpty()) {
      response.setStatus(HttpStatus.NOT_FOUND.value());
      model.addAttribute("handle", handle);
      return "profiles/missing";
    }
    model.addAttribute("user", user.get());
    model.addAllAttributes(counters.of(user.get().id(), ProfileCounters.ALL));
    model.addAttribute("follows", follows(model.getAttribute("viewer"), user.get()));
    if (showsViews(model.getAttribute("viewer"), user.get())) {
      model.addAttribute("views", views.total(user.get().id()));
    }
    return "profiles/profile";
  }

  /** Whether a viewer may know how often a profile was looked at. */
  private boolean showsViews(@Nullable Object viewer, User user) {
    return (viewer instanceof Viewer looking && looking.is(user.id()))
        || settings.value(user.id(), Setting.SHOW_VIEWS.key()).equals("yes");
  }

  /** Whether a viewer follows a user; a guest and the user do not. */
  private boolean follows(@Nullable Object viewer, User user) {
    return viewer instanceof Viewer looking
        && !looking.is(user.id())
        && follows.followedBy(looking.user().id()).contains(user.id());
  }

  /** Returns how many members the viewer wants on a page. */
  private int pageSize(@Nullable Object viewer) {
    return Integer.parseInt(
        viewer instanceof Viewer looking
            ? settings.value(looking.user().id(), Setting.PAGE_SIZE.key())
            : Setting.PAGE_SIZE.preset());
  }

  private static int pageIndex(String page) {
    try {
      return Math.min(Math.max(Integer.parseInt(page) - 1, 0), DirectoryPage.MAX_PAGE);
    } catch (NumberFormatException noNumber) {
      return 0;
    }
  }
}
