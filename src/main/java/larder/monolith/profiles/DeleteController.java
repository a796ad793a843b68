package larder.monolith.profiles;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import larder.monolith.accounts.SignIn;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page that deletes a user, once their handle has been typed. */
@Controller
@RequestMapping("/users/{handle:" + Field.HANDLE_PATTERN + "}/delete")
class DeleteController {

  private final Users users;
  private final Editable editable;
  private final SignIn signIn;

  DeleteController(Users users, Editable editable, SignIn signIn) {
    this.users = users;
    this.editable = editable;
    this.signIn = signIn;
  }

  @GetMapping
  String ask(@PathVariable String handle, Viewer viewer, Model model) {
    return show(editable.byHandle(handle, viewer), Map.of(), model);
  }

  @PostMapping
  String delete(
      @RequestParam long id,
      @RequestParam(defaultValue = "") String confirmation,
      Viewer viewer,
      Model model,
      RedirectAttributes redirect,
      HttpServletRequest request,
      HttpServletResponse response) {
    User user = editable.byId(id, viewer);
    if (!confirmation.strip().equalsIgnoreCase(user.handle())) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      String problem = "Type " + user.handle() + " to delete this profile.";
      return show(user, Map.of("confirmation", problem), model);
    }
    users.delete(id);
    if (viewer.is(id)) {
      signIn.end(request, response);
    }
    redirect.addFlashAttribute("notice", "The profile @" + user.handle() + " is deleted.");
    return "redirect:/";
  }

  private static String show(User user, Map<String, String> problems, Model model) {
    model.addAttribute("user", user);
    model.addAttribute("problems", problems);
    return "profiles/delete";
  }
}
