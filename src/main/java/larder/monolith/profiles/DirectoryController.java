package larder.monolith.profiles;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import larder.monolith.trending.Period;
import larder.monolith.trending.Trending;
import larder.monolith.trending.TrendingUser;
import larder.monolith.users.DirectoryPage;
import larder.monolith.users.Field;
import larder.monolith.users.SearchText;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages that anybody may read: first page, directory and profile. */
@Controller
class DirectoryController {

  private static final int NEWEST = 12;
  private static final int PAGE_SIZE = 20;

  private final Users users;
  private final Trending trending;

  DirectoryController(Users users, Trending trending) {
    this.users = users;
    this.trending = trending;
  }

  /**
   * @param period the time over which views count, as {@link Period#word}
   */
  @GetMapping("/")
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
  String directory(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "1") String page,
      Model model) {
    DirectoryPage found = users.directory(SearchText.normalize(q), pageIndex(page), PAGE_SIZE);
    model.addAttribute("q", q.strip());
    model.addAttribute("found", found);
    model.addAttribute("pager", Pager.of(found));
    return "profiles/directory";
  }

  @GetMapping("/users/{handle:" + Field.HANDLE_PATTERN + "}")
  String profile(@PathVariable String handle, Model model, HttpServletResponse response) {
    Optional<User> user = users.findByHandle(handle);
    if (user.isEmpty()) {
      response.setStatus(HttpStatus.NOT_FOUND.value());
      model.addAttribute("handle", handle);
      return "profiles/missing";
    }
    model.addAttribute("user", user.get());
    return "profiles/profile";
  }

  private static int pageIndex(String page) {
    try {
      return Math.min(Math.max(Integer.parseInt(page) - 1, 0), DirectoryPage.MAX_PAGE);
    } catch (NumberFormatException noNumber) {
      return 0;
    }
  }
}
