package larder.monolith.follows;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import larder.monolith.users.Field;
import larder.monolith.users.ProfileChanged;
import larder.notice.Notice;
import larder.notice.NoticeId;
import larder.notice.Notices;
import larder.notice.web.NoticeAnswer;
import larder.notice.web.NoticeConnections;
import larder.notice.web.NoticeReader;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The notices of the monolith: what is told when, and what each page is shown of it.
 *
 * <p>Topic {@code user:42} tells that the profile of user 42 has changed, with the name and handle
 * that everybody may see. Topic {@code person:7} is for the pages of person 7 alone: that they
 * follow others than before, or that they have signed out.
 */
@Component("profileNotices")
public class ProfileNotices {

  private static final String USER = "user:";
  private static final String PERSON = "person:";
  private static final String FOLLOWS = "follows";
  private static final String SIGNED_OUT = "signed out";

  private final Notices notices;
  private final NoticeConnections connections;
  private final Follows follows;
  private final JsonMapper json;

  ProfileNotices(Notices notices, NoticeConnections connections, Follows follows, JsonMapper json) {
    this.notices = notices;
    this.connections = connections;
    this.follows = follows;
    this.json = json;
  }

  /**
   * Returns the position for a page that is made now, such that it misses nothing; may be empty.
   */
  public String position() {
    return notices.position().map(NoticeId::toString).orElse("");
  }

  @TransactionalEventListener
  void tell(ProfileChanged change) {
    notices.publish(
        user(change.userId()),
        json.writeValueAsString(new Change(change.handle(), change.displayName())));
  }

  /** Waits until it stands in the stream, so that whatever changes from now on comes behind it. */
  @TransactionalEventListener
  void tell(FollowsChanged change) {
    notices.publishAndWait(person(change.followerId()), FOLLOWS);
  }

  /** Has all open pages of the person connect again, which only those can that are signed in. */
  @EventListener
  void tell(LogoutSuccessEvent signedOut) {
    String id = signedOut.getAuthentication().getName();
    connections.close(id);
    notices.publish(PERSON + id, SIGNED_OUT);
  }

  private static String user(long id) {
    return USER + id;
  }

  private static String person(long id) {
    return PERSON + id;
  }

  /** Returns what a page of a person hears. */
  NoticeReader readerOf(long person) {
    return new Reader(person);
  }

  /** What is told of a changed profile. */
  record Change(String handle, String displayName) {}

  /** What a page is sent. */
  record Shown(long id, String name, String text, String href) {}

  /**
   * What a page of a person hears.
   *
   * <p>That they follow others than before stands in the stream before what those others change. So
   * the topics are right from there on, if they are read past the caches, which may hear of it
   * later. Should that notice be lost, caches still know, within their bound: whom they do not call
   * followed is looked up.
   */
  private final class Reader implements NoticeReader {

    private final long person;

    Reader(long person) {
      this.person = person;
    }

    @Override
    public Set<String> topics() {
      Set<String> topics = new HashSet<>();
      topics.add(person(person));
      follows.followedNow(person).forEach(id -> topics.add(user(id)));
      return topics;
    }

    @Override
    public NoticeAnswer read(Notice notice) {
      if (notice.topic().equals(person(person))) {
        return notice.text().equals(SIGNED_OUT) ? NoticeAnswer.close() : NoticeAnswer.askTopics();
      }
      long user = Long.parseLong(notice.topic().substring(USER.length()));
      return isFollowed(user)
          ? shown(user, notice.text()).map(NoticeAnswer::show).orElse(NoticeAnswer.skip())
          : NoticeAnswer.skip();
    }

    private boolean isFollowed(long user) {
      return follows.followedBy(person).contains(user) || follows.followsNow(person, user);
    }
  }

  /** Returns what to show of a notice; empty if it is not one that {@link #tell} wrote. */
  private Optional<String> shown(long user, String text) {
    try {
      JsonNode change = json.readTree(text);
      String handle = change.path("handle").asString("");
      String name = change.path("displayName").asString("");
      if (Field.HANDLE.problem(handle).isPresent()
          || Field.DISPLAY_NAME.problem(name).isPresent()) {
        return Optional.empty();
      }
      return Optional.of(
          json.writeValueAsString(
              new Shown(user, name, "changed their profile", "/users/" + handle)));
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
  }
}
