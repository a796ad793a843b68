package larder.monolith.follows;

import larder.monolith.accounts.Viewer;
import larder.monolith.users.Field;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The buttons by which people follow others, and the page of those whom they follow. */
@Controller
class FollowController {

  private static final String PROFILE = "/users/{handle:" + Field.HANDLE_PATTERN + "}";

  private final Follows follows;
  private final Users users;

  FollowController(Follows follows, Users users) {
    this.follows = follows;
    this.users = users;
  }

  @GetMapping("/following")
  String following(Viewer viewer, Model model) {
    model.addAttribute("followed", follows.profiles(viewer.user().id()));
    model.addAttribute("count", follows.followedBy(viewer.user().id()).size());
    return "follows/following";
  }

  @PostMapping(PROFILE + "/follow")
  String follow(@PathVariable String handle, Viewer viewer, RedirectAttributes redirect) {
    User followed = require(handle);
    try {
      follows.follow(viewer.user().id(), followed.id());
      return profile(followed, "You follow " + followed.displayName() + ".", redirect);
    } catch (TooManyFollowed tooMany) {
      return profile(
          followed, "You follow as many people as one can. Unfollow somebody first.", redirect);
    }
  }

  @PostMapping(PROFILE + "/unfollow")
  String unfollow(@PathVariable String handle, Viewer viewer, RedirectAttributes redirect) {
    User followed = require(handle);
    follows.unfollow(viewer.user().id(), followed.id());
    return profile(followed, "You no longer follow " + followed.displayName() + ".", redirect);
  }

  private User require(String handle) {
    return users
        .findByHandle(handle)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private static String profile(User user, String notice, RedirectAttributes redirect) {
    redirect.addFlashAttribute("notice", notice);
    redirect.addAttribute("handle", user.handle());
    return "redirect:/users/{handle}";
  }
}
