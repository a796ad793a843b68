package larder.monolith.admin;

import java.util.Arrays;
import larder.redis.RedisCalls;
import larder.session.SessionEvent;
import larder.session.SessionRegister;
import larder.session.SessionStatistics;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of web sessions: how many there are, and what happened to them in this process. */
@Controller
class SessionsController {

  private final SessionRegister register;
  private final SessionStatistics statistics;
  private final RedisCalls redis;

  SessionsController(SessionRegister register, SessionStatistics statistics, RedisCalls redis) {
    this.register = register;
    this.statistics = statistics;
    this.redis = redis;
  }

  /** What happened, in words, and how often. */
  record Happened(String what, long times) {}

  @GetMapping("/admin/sessions")
  String sessions(Model model) {
    register.live().ifPresent(live -> model.addAttribute("sessions", live));
    model.addAttribute("redisAnswers", redis.isAvailable());
    model.addAttribute("timeout", register.timeout());
    model.addAttribute(
        "happened",
        Arrays.stream(SessionEvent.values())
            .map(event -> new Happened(words(event), statistics.count(event)))
            .toList());
    return "admin/sessions";
  }

  private static String words(SessionEvent event) {
    return switch (event) {
      case FOUND -> "Requests whose session was found";
      case ABSENT -> "Requests whose session had ended";
      case UNREADABLE -> "Requests whose session could not be understood";
      case UNREAD -> "Requests whose session Redis did not tell";
      case CREATED -> "Sessions begun";
      case SAVED -> "Changes written";
      case ENDED -> "Sign-outs, each of one session or of all of a person";
      case GONE -> "Changes to sessions that had ended meanwhile";
      case UNWRITTEN -> "Changes that Redis did not take";
      case REFUSED -> "Requests that were refused because they needed a session";
    };
  }
}
