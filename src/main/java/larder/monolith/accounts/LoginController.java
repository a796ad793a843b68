package larder.monolith.accounts;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page for signing in; the security filters check what it sends. */
@Controller
class LoginController {

  private static final String VIEW = "accounts/login";

  private final String sampleSignIn;

  /**
   * @param sampleSignIn handle and password of a sample user, which the page tells; empty for none
   */
  LoginController(@Value("${larder.monolith.sample-sign-in:}") String sampleSignIn) {
    this.sampleSignIn = sampleSignIn;
  }

  /**
   * @param token asked for before the page begins, since it needs a session, without which nobody
   *     can sign in
   */
  @GetMapping("/login")
  String form(CsrfToken token, Model model) {
    token.getToken();
    return show("", /* failed= */ false, model);
  }

  /** Answers a refused sign-in, keeping the name that was typed. */
  @PostMapping(SecurityConfiguration.FAILED)
  String failed(
      @RequestParam(defaultValue = "") String username, Model model, HttpServletResponse response) {
    response.setStatus(HttpStatus.UNAUTHORIZED.value());
    return show(username, /* failed= */ true, model);
  }

  /** Answers a sign-in that came too soon after too many others, keeping the name. */
  @PostMapping(FormSignInLimit.REFUSED)
  String limited(
      @RequestParam(defaultValue = "") String username, Model model, HttpServletResponse response) {
    response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
    return show(username, /* failed= */ false, model);
  }

  private String show(String username, boolean failed, Model model) {
    model.addAttribute("username", username);
    model.addAttribute("failed", failed);
    model.addAttribute("sampleSignIn", sampleSignIn);
    return VIEW;
  }
}
