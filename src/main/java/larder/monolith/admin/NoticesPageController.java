package larder.monolith.admin;

import larder.notice.NoticeId;
import larder.notice.NoticeProperties;
import larder.notice.Notices;
import larder.notice.web.NoticeConnections;
import larder.redis.RedisCalls;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of notices on this node. */
@Controller
class NoticesPageController {

  private final Notices notices;
  private final NoticeConnections connections;
  private final NoticeProperties properties;
  private final RedisCalls redis;

  NoticesPageController(
      Notices notices,
      NoticeConnections connections,
      NoticeProperties properties,
      RedisCalls redis) {
    this.notices = notices;
    this.connections = connections;
    this.properties = properties;
    this.redis = redis;
  }

  @GetMapping("/admin/notices")
  String notices(Model model) {
    model.addAttribute("trouble", trouble());
    model.addAttribute("position", notices.position().map(NoticeId::toString).orElse(Amounts.NONE));
    model.addAttribute("counts", notices.counts());
    model.addAttribute("connections", connections);
    model.addAttribute("most", properties.perNode());
    return "admin/notices";
  }

  private String trouble() {
    if (!redis.isAvailable()) {
      return "Redis does not answer. Notices are lost until it does; pages show what is true.";
    }
    return notices.isListening()
        ? ""
        : "This node hears no announcements and reads the stream every few seconds instead.";
  }
}
