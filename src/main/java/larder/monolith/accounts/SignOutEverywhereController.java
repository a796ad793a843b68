package larder.monolith.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

/** What the button does that ends all sessions of whom it belongs to. */
@Controller
class SignOutEverywhereController {

  private final AccountSessions sessions;
  private final SignIn signIn;

  SignOutEverywhereController(AccountSessions sessions, SignIn signIn) {
    this.sessions = sessions;
    this.signIn = signIn;
  }

  /** Ends them, this one among them; or says that it did not. */
  @PostMapping("/sign-out-everywhere")
  String signOut(Viewer viewer, HttpServletRequest request, HttpServletResponse response) {
    if (!sessions.endAll(viewer.user().id())) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
    }
    signIn.end(request, response);
    return "redirect:/login?signed-out-everywhere";
  }
}
