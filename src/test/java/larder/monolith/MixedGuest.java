package larder.monolith;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import larder.monolith.users.User;
import org.springframework.http.HttpStatus;

/** A guest who looks at pages of any node until it is over, and remembers what was answered. */
final class MixedGuest implements Runnable {

  private final Random random;
  private final List<Visitor> visitors;
  private final List<User> users;
  private final CountDownLatch over;
  private final AtomicLong looks = new AtomicLong();
  private final AtomicLong searches = new AtomicLong();
  private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();

  MixedGuest(int seed, List<MonolithNode> nodes, List<User> users, CountDownLatch over) {
    this.random = new Random(seed);
    this.visitors = nodes.stream().map(MonolithNode::visitor).toList();
    this.users = users;
    this.over = over;
  }

  @Override
  public void run() {
    try {
      while (over.getCount() > 0) {
        look();
      }
    } catch (RuntimeException e) {
      surprises.add(e.toString());
    }
  }

  private void look() {
    Visitor visitor = visitors.get(random.nextInt(visitors.size()));
    int kind = random.nextInt(10);
    if (kind < 7) {
      expect(
          visitor.get("/users/" + users.get(random.nextInt(users.size())).handle()), HttpStatus.OK);
      looks.incrementAndGet();
    } else if (kind < 8) {
      expect(visitor.get("/"), HttpStatus.OK);
    } else if (kind < 9) {
      expect(visitor.get("/users"), HttpStatus.OK);
    } else {
      expect(visitor.get("/users?q=person"), HttpStatus.OK, HttpStatus.TOO_MANY_REQUESTS);
      searches.incrementAndGet();
    }
  }

  private void expect(HttpResponse<String> answer, HttpStatus... right) {
    if (!List.of(right).contains(HttpStatus.valueOf(answer.statusCode()))) {
      surprises.add(answer.statusCode() + " for " + answer.uri());
    }
  }

  /** Returns how many profiles were answered. */
  long looks() {
    return looks.get();
  }

  /** Returns how many searches were answered. */
  long searches() {
    return searches.get();
  }

  /** Returns what should not have been answered. */
  List<String> surprises() {
    return List.copyOf(surprises);
  }
}
