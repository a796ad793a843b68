package larder.monolith;

import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import larder.monolith.users.User;
import org.springframework.http.HttpStatus;

/**
 * A member who signs in once and then edits their profile and their settings at any node until it
 * is over. While sessions are away an edit is answered with the way to the sign-in page or 503, and
 * tried again.
 */
final class MixedMember implements Runnable {

  /** The setting that members change. */
  static final String PAGE_SIZE = "page-size";

  private static final Duration PACE = Duration.ofMillis(100);
  private static final List<String> LENGTHS = List.of("20", "50", "100");

  private final List<Visitor> visitors;
  private final User user;
  private final CountDownLatch over;
  private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();
  private final AtomicInteger edits = new AtomicInteger();
  private final Set<String> possible = ConcurrentHashMap.newKeySet();
  private final AtomicInteger choices = new AtomicInteger();

  MixedMember(List<MonolithNode> nodes, User user, CountDownLatch over) {
    Visitor first = nodes.get(0).visitor();
    this.visitors = nodes.stream().map(first::at).toList();
    this.user = user;
    this.over = over;
  }

  @Override
  public void run() {
    try {
      if (visitors.get(0).signIn(user.handle(), People.PASSWORD).statusCode()
          != HttpStatus.FOUND.value()) {
        surprises.add("could not sign in");
      }
      do {
        Visitor visitor = visitors.get(edits.get() % visitors.size());
        edit(visitor);
        choose(visitor);
      } while (!over.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
      // Nobody has signed in again: Redis, back, has the session still.
      await("the session").until(() -> visitors.get(1).get("/").body().contains("Sign out"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      surprises.add(e.toString());
    }
  }

  private void edit(Visitor visitor) {
    String form = "/users/" + user.handle() + "/edit";
    HttpResponse<String> answer =
        visitor.post(
            form,
            form,
            Map.of(
                "id", Long.toString(user.id()),
                "version", Integer.toString(edits.get()),
                "displayName", user.displayName(),
                "bio", bio(edits.get() + 1)));
    String to = answer.headers().firstValue("Location").orElse("");
    if (answer.statusCode() == HttpStatus.FOUND.value() && to.endsWith(user.handle())) {
      edits.incrementAndGet();
    } else if (answer.statusCode() == HttpStatus.CONFLICT.value()
        || answer.statusCode() == HttpStatus.INTERNAL_SERVER_ERROR.value()) {
      surprises.add(answer.statusCode() + " for edit " + edits.get());
    }
  }

  /** Chooses another length of pages; what was not confirmed may have happened. */
  private void choose(Visitor visitor) {
    String next = LENGTHS.get(choices.get() % LENGTHS.size());
    possible.add(next);
    HttpResponse<String> answer =
        visitor.post("/settings", "/settings/" + PAGE_SIZE, Map.of("value", next));
    if (answer.headers().firstValue("Location").orElse("").endsWith("/settings")) {
      choices.incrementAndGet();
      possible.clear();
      possible.add(next);
    } else if (answer.statusCode() == HttpStatus.INTERNAL_SERVER_ERROR.value()) {
      surprises.add(answer.statusCode() + " for choice " + choices.get());
    }
  }

  private static String bio(int edit) {
    return "Edit number " + edit + ".";
  }

  User user() {
    return user;
  }

  /** Returns how many edits were confirmed. */
  long edits() {
    return edits.get();
  }

  /** Returns what the profile says last. */
  String lastBio() {
    return bio(edits.get());
  }

  /** Returns how many choices were confirmed. */
  long choices() {
    return choices.get();
  }

  /** Returns what the member may have chosen last: one thing, if that was confirmed. */
  Set<String> lastChoices() {
    return Set.copyOf(possible);
  }

  /** Returns what should not have happened. */
  List<String> surprises() {
    return List.copyOf(surprises);
  }
}
