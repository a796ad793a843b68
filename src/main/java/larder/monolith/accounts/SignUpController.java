package larder.monolith.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import larder.limit.Algorithm;
import larder.limit.RateLimited;
import larder.limit.RateLimited.By;
import larder.monolith.users.InvalidInput;
import larder.monolith.users.SignUp;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page for signing up. */
@Controller
@RequestMapping("/signup")
class SignUpController {

  private static final String VIEW = "accounts/signup";

  private final Users users;
  private final SignIn signIn;

  SignUpController(Users users, SignIn signIn) {
    this.users = users;
    this.signIn = signIn;
  }

  /**
   * @param token asked for before the page begins, since it needs a session, without which nobody
   *     can sign up
   */
  @GetMapping
  String form(CsrfToken token, Model model) {
    token.getToken();
    return show(new SignUp("", "", "", ""), Map.of(), model);
  }

  @PostMapping
  @RateLimited(
      name = "sign-up",
      limit = 30,
      window = "1h",
      algorithm = Algorithm.FIXED_WINDOW,
      by = By.IP)
  String signUp(
      @RequestParam(defaultValue = "") String handle,
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String displayName,
      @RequestParam(defaultValue = "") String password,
      Model model,
      RedirectAttributes redirect,
      HttpServletRequest request,
      HttpServletResponse response) {
    SignUp wanted = new SignUp(handle, email, displayName, password);
    try {
      User user = users.signUp(wanted);
      signIn.start(user, request, response);
      redirect.addFlashAttribute(
          "notice", "Welcome, " + user.displayName() + ". This is your profile; add a few words.");
      redirect.addAttribute("handle", user.handle());
      return "redirect:/users/{handle}";
    } catch (InvalidInput invalid) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return show(wanted, invalid.byKey(), model);
    }
  }

  private static String show(SignUp form, Map<String, String> problems, Model model) {
    model.addAttribute("form", form);
    model.addAttribute("problems", problems);
    return VIEW;
  }
}
