package larder.monolith.follows;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import larder.monolith.accounts.Viewer;
import larder.notice.web.NoticeConnections;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The stream of notices for an open page of somebody who is signed in. */
@Controller
class NoticesController {

  private final NoticeConnections connections;
  private final ProfileNotices notices;

  NoticesController(NoticeConnections connections, ProfileNotices notices) {
    this.connections = connections;
    this.notices = notices;
  }

  @GetMapping(path = "/notices", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void stream(Viewer viewer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long person = viewer.user().id();
    connections.open(request, response, Long.toString(person), notices.readerOf(person));
  }
}
