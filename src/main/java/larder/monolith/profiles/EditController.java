package larder.monolith.profiles;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import larder.monolith.accounts.AccountSessions;
import larder.monolith.accounts.Viewer;
import larder.monolith.users.Credentials;
import larder.monolith.users.EditConflict;
import larder.monolith.users.Field;
import larder.monolith.users.HandleChange;
import larder.monolith.users.InvalidInput;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * The page that changes a user: what the profile says, and the handle.
 *
 * <p>The forms carry the id and the version that they were filled with, so that they find the user
 * whose handle has changed meanwhile, and notice that somebody else saved first.
 */
@Controller
@RequestMapping("/users/{handle:" + Field.HANDLE_PATTERN + "}/edit")
class EditController {

  private final Users users;
  private final Credentials credentials;
  private final Editable editable;
  private final AccountSessions sessions;

  EditController(
      Users users, Credentials credentials, Editable editable, AccountSessions sessions) {
    this.users = users;
    this.credentials = credentials;
    this.editable = editable;
    this.sessions = sessions;
  }

  @GetMapping
  String form(@PathVariable String handle, Viewer viewer, Model model) {
    User user = editable.byHandle(handle, viewer);
    return show(user, changeOf(user), user.handle(), Map.of(), viewer, model);
  }

  @PostMapping
  String save(
      @RequestParam long id,
      @RequestParam int version,
      @RequestParam(defaultValue = "") String displayName,
      @RequestParam(defaultValue = "") String bio,
      Viewer viewer,
      Model model,
      RedirectAttributes redirect,
      HttpServletResponse response) {
    User user = editable.byId(id, viewer);
    ProfileChange change = new ProfileChange(displayName, bio);
    try {
      User saved = users.updateProfile(id, version, change);
      return profile(saved, "The profile is saved.", redirect);
    } catch (InvalidInput invalid) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      User asSeen = withVersion(user, version);
      return show(asSeen, change, user.handle(), invalid.byKey(), viewer, model);
    } catch (EditConflict conflict) {
      response.setStatus(HttpStatus.CONFLICT.value());
      model.addAttribute("current", conflict.current());
      model.addAttribute("form", change);
      model.addAttribute("problems", Map.of());
      return "profiles/conflict";
    }
  }

  @PostMapping("/handle")
  String changeHandle(
      @RequestParam long id,
      @RequestParam int version,
      @RequestParam(defaultValue = "") String newHandle,
      Viewer viewer,
      Model model,
      RedirectAttributes redirect,
      HttpServletResponse response) {
    User user = editable.byId(id, viewer);
    try {
      HandleChange change = users.changeHandle(id, version, newHandle);
      String notice = "@%s is now @%s.".formatted(change.oldHandle(), change.user().handle());
      return profile(change.user(), notice, redirect);
    } catch (InvalidInput invalid) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      User asSeen = withVersion(user, version);
      return show(asSeen, changeOf(user), newHandle.strip(), invalid.byKey(), viewer, model);
    } catch (EditConflict conflict) {
      response.setStatus(HttpStatus.CONFLICT.value());
      User current = conflict.current();
      model.addAttribute("overtaken", true);
      return show(current, changeOf(current), newHandle.strip(), Map.of(), viewer, model);
    }
  }

  private String show(
      User user,
      ProfileChange form,
      String newHandle,
      Map<String, String> problems,
      Viewer viewer,
      Model model) {
    model.addAttribute("user", user);
    model.addAttribute("form", form);
    model.addAttribute("newHandle", newHandle);
    model.addAttribute("problems", problems);
    if (viewer.is(user.id())) {
      credentials.email(user.id()).ifPresent(email -> model.addAttribute("email", email));
      sessions.ofViewer(viewer).ifPresent(signedIn -> model.addAttribute("sessions", signedIn));
    }
    return "profiles/edit";
  }

  private static String profile(User user, String notice, RedirectAttributes redirect) {
    redirect.addFlashAttribute("notice", notice);
    redirect.addAttribute("handle", user.handle());
    return "redirect:/users/{handle}";
  }

  private static ProfileChange changeOf(User user) {
    return new ProfileChange(user.displayName(), user.bio());
  }

  /**
   * Returns the user under the version that the form was filled with, so a conflict still shows.
   */
  private static User withVersion(User user, int version) {
    return new User(
        user.id(),
        user.handle(),
        user.displayName(),
        user.bio(),
        version,
        user.createdAt(),
        user.updatedAt());
  }
}
