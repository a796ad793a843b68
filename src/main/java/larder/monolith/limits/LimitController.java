package larder.monolith.limits;

import larder.limit.RateLimiter;
import larder.redis.RedisCalls;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of all rate limits, and of what they did in this process. */
@Controller
class LimitController {

  private final RateLimiter limiter;
  private final RedisCalls redis;

  LimitController(RateLimiter limiter, RedisCalls redis) {
    this.limiter = limiter;
    this.redis = redis;
  }

  @GetMapping("/admin/limits")
  String limits(Model model) {
    model.addAttribute("limits", limiter.report());
    model.addAttribute("answers", redis.isAvailable());
    return "admin/limits";
  }
}
