package larder.monolith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import larder.monolith.views.ProfileViewed;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

/** Each look at a profile is told, and nothing else. */
@MonolithTest
class ProfileViewsIntegrationTests {

  @LocalServerPort int port;
  @Autowired Users users;
  @Autowired ConfigurableApplicationContext context;

  private final Queue<Long> seen = new ConcurrentLinkedQueue<>();
  private final Seen listener = new Seen();

  /** Hears of views; a class, as a lambda hides from Spring what it listens to. */
  private final class Seen implements ApplicationListener<PayloadApplicationEvent<ProfileViewed>> {
    @Override
    public void onApplicationEvent(PayloadApplicationEvent<ProfileViewed> event) {
      seen.add(event.getPayload().userId());
    }
  }

  @Test
  void eachAnsweredProfileIsTold() {
    User viewed = users.signUp(People.somebody());
    String path = "/users/" + viewed.handle();
    context.addApplicationListener(listener);
    try {
      Visitor guest = new Visitor(port);
      guest.get("/users/" + People.handle());
      guest.get("/users");
      guest.get(path);
      guest.get(path.toUpperCase(Locale.ROOT).replace("USERS", "users"));
      await().until(() -> seen.size() >= 2);
      assertThat(seen).containsExactly(viewed.id(), viewed.id());
    } finally {
      context.removeApplicationListener(listener);
    }
  }
}
